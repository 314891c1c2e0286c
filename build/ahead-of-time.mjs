// An esbuild plugin: validators that are compiled when the command line is built. Compiling them takes three times
// as long as starting Node.
import { build } from 'esbuild'

/** Puts compiled validators in the place of src/schema/compile.ts. */
export function validatorsAheadOfTime() {
  return {
    name: 'validators-ahead-of-time',
    setup({ onLoad }) {
      let contents
      onLoad({ filter: /[\\/]src[\\/]schema[\\/]compile\.ts$/ }, async () => {
        contents ??= compiledModule()
        return { contents: await contents, loader: 'js' }
      })
    },
  }
}

// The schemas are composed by our own TypeScript, which Node 20 cannot run as it is.
async function compiledModule() {
  const { outputFiles } = await build({
    entryPoints: ['build/standalone.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  })
  const { standaloneModuleText } = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
  )
  const text = standaloneModuleText()
  // What is left of require() would fail when the first validator runs.
  if (/\brequire\(/.test(text)) throw new Error('the compiled validators need a package that is not bundled')
  return text
}
