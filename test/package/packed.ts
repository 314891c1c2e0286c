import { type ExecFileSyncOptionsWithStringEncoding, execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { transformSync } from 'esbuild'
import ts from 'typescript'

// What the tools say on stderr is part of the error when one fails.
const EXEC: ExecFileSyncOptionsWithStringEncoding = { encoding: 'utf8', stdio: 'pipe', maxBuffer: 1 << 26 }

/** The package as npm would publish it, unpacked in a project of its own. */
export interface Packed {
  /** Paths of all files of the package. */
  readonly files: readonly string[]
  /** A folder with the package, its declared dependencies, and nothing else in node_modules. */
  readonly project: string
  /** A folder with the package alone. */
  readonly alone: string
  /** Puts a program of examples/library into the project; gives the path of what Node can run. */
  compile(example: string): string
  /** What the compiler says about the examples and the packed types that they use. */
  typeFaults(examples: readonly string[]): readonly string[]
  remove(): void
}

/** Builds the library, packs, and unpacks. The command line has been built before the tests. */
export function pack(): Packed {
  execFileSync(process.execPath, ['build.mjs', '--lib', '--no-check'], EXEC)
  // The compiler knows files by their real paths.
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'vpnctl-package-')))
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', root]
  const [{ filename, files }] = JSON.parse(execFileSync('npm', args, EXEC))
  const tarball = join(root, filename)
  const project = join(root, 'project')
  const alone = join(root, 'alone')
  for (const folder of [project, alone]) unpack(tarball, join(folder, 'node_modules/vpnctl'))
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
  for (const name of [...Object.keys(dependencies), '@types/node']) link(name, project)
  const copy = (example: string) => {
    const path = join(project, example)
    writeFileSync(path, readFileSync(join('examples/library', example)))
    return path
  }
  return {
    files: files.map(({ path }: { path: string }) => path),
    project,
    alone,
    compile(example) {
      const { code } = transformSync(readFileSync(join('examples/library', example), 'utf8'), {
        loader: 'ts',
        format: 'esm',
      })
      const path = join(project, example.replace(/\.ts$/, '.mjs'))
      // The examples import each other by their names as sources.
      writeFileSync(path, code.replace(/(from "\.\/[\w-]+)\.ts"/g, '$1.mjs"'))
      return path
    },
    typeFaults: (examples) => typeFaults(project, examples.map(copy)),
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

function unpack(tarball: string, folder: string): void {
  mkdirSync(folder, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1'], EXEC)
}

function link(name: string, project: string): void {
  const path = join(project, 'node_modules', name)
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(resolve('node_modules', name), path)
}

function typeFaults(project: string, files: readonly string[]): readonly string[] {
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    types: ['node'],
    typeRoots: [resolve('node_modules/@types')],
  })
  // Types of other packages and of Node are read, not checked: that takes most of the compiler's time.
  const ours = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(project))
  return [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...ours.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]),
  ].map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`)
}
