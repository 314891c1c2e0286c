import { lstat as lstatOf, readdir as readdirOf, stat as statOf } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { promisify } from 'node:util'
import { errorCode } from '../model/errors.ts'

const lstat = promisify(lstatOf)
const readdir = promisify(readdirOf)
const stat = promisify(statOf)

/** What a `--file` argument means. */
export type Found =
  | { readonly type: 'files'; readonly names: readonly string[] }
  /** A folder or a pattern without YAML files. */
  | { readonly type: 'none'; readonly because: 'folder' | 'pattern' }
  | { readonly type: 'unreadable'; readonly code: string }

/**
 * The files of an argument: itself, the `*.yaml` and `*.yml` of a folder and the folders in it, or what a pattern
 * (`*`, `?`, `**`) matches; sorted. Hidden entries are left out, and links to folders are not followed.
 */
export async function findFiles(argument: string, cwd: string): Promise<Found> {
  try {
    const entry = await stat(resolve(cwd, argument))
    if (!entry.isDirectory()) return { type: 'files', names: [argument] }
    return found(await yamlFilesUnder(argument, cwd), 'folder')
  } catch (error) {
    const code = errorCode(error)
    if (code !== 'ENOENT' || !/[*?]/.test(argument)) return { type: 'unreadable', code }
    return found(await matching(argument, cwd), 'pattern')
  }
}

function found(names: readonly string[], because: 'folder' | 'pattern'): Found {
  return names.length === 0 ? { type: 'none', because } : { type: 'files', names: [...names].sort() }
}

async function yamlFilesUnder(folder: string, cwd: string): Promise<readonly string[]> {
  const entries = await readdir(resolve(cwd, folder), { withFileTypes: true })
  const nested = await Promise.all(
    entries.map(async (entry): Promise<readonly string[]> => {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') return []
      const name = join(folder, entry.name)
      if (entry.isDirectory()) return yamlFilesUnder(name, cwd)
      if (!/\.ya?ml$/i.test(entry.name)) return []
      return entry.isSymbolicLink() && (await isFolder(resolve(cwd, name))) ? [] : [name]
    }),
  )
  return nested.flat()
}

// Segment by segment, so that only folders that can match are read.
async function matching(pattern: string, cwd: string): Promise<readonly string[]> {
  const normal = sep === '\\' ? pattern.replaceAll('\\', '/') : pattern
  const [first = '', ...rest] = normal.split('/')
  const start = normal.startsWith('/') ? '/' : ''
  return expand(start, normal.startsWith('/') ? rest : [first, ...rest], cwd)
}

async function expand(base: string, segments: readonly string[], cwd: string): Promise<readonly string[]> {
  const [segment, ...rest] = segments
  if (segment === undefined) return []
  if (segment === '' || segment === '.') return expand(base, rest, cwd)
  if (segment === '**') {
    const folders = (await list(base, cwd)).filter((entry) => entry.isFolder && !entry.name.startsWith('.'))
    const below = await Promise.all(folders.map((entry) => expand(join(base, entry.name), segments, cwd)))
    return [...(await expand(base, rest.length === 0 ? ['*'] : rest, cwd)), ...below.flat()]
  }
  const test = segmentPattern(segment)
  const hits = (await list(base, cwd)).filter((entry) => test.test(entry.name))
  const results = await Promise.all(
    hits.map(async (entry): Promise<readonly string[]> => {
      const name = join(base, entry.name)
      if (rest.length > 0) return entry.isFolder ? expand(name, rest, cwd) : []
      return (await isFolder(resolve(cwd, name))) ? yamlFilesUnder(name, cwd) : [name]
    }),
  )
  return results.flat()
}

function segmentPattern(segment: string): RegExp {
  const source = segment
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.')
  return new RegExp(segment.startsWith('.') ? `^${source}$` : `^(?!\\.)${source}$`)
}

async function list(folder: string, cwd: string): Promise<readonly { name: string; isFolder: boolean }[]> {
  try {
    const entries = await readdir(resolve(cwd, folder === '' ? '.' : folder), { withFileTypes: true })
    return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
  } catch {
    // A folder that cannot be read, or is none, contains nothing that matches.
    return []
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory() || (await stat(path)).isDirectory()
  } catch {
    return false
  }
}
