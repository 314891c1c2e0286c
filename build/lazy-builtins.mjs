// An esbuild plugin: modules of Node that are loaded when something of them is used first. Loading them all takes a third
// as long as starting Node, and most runs need few.

const LAZY = [
  'node:child_process',
  'node:crypto',
  'node:dgram',
  'node:dns',
  'node:fs/promises',
  'node:perf_hooks',
  'node:tty',
]

/** Puts an object of getters in the place of each of these modules. */
export function lazyBuiltins() {
  return {
    name: 'lazy-builtins',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^node:/, namespace: 'file' }, ({ path }) =>
        LAZY.includes(path) ? { path, namespace: 'lazy-builtin', sideEffects: false } : undefined,
      )
      onResolve({ filter: /^node:/, namespace: 'lazy-builtin' }, ({ path }) => ({ path, external: true }))
      onLoad({ filter: /^node:/, namespace: 'lazy-builtin' }, async ({ path }) => ({
        contents: await gettersOf(path),
      }))
    },
  }
}

async function gettersOf(path) {
  const names = Object.keys((await import(path)).default)
  const getters = names.map((name) => `get ${name}() { return (loaded ??= require('${path}')).${name} }`)
  return `let loaded; module.exports = { ${getters.join(', ')} }`
}
