import { realpath as realpathOf, stat as statOf } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Diagnostic, SourceRange } from '../model/diagnostic.ts'
import { errorCode } from '../model/errors.ts'
import { findFiles } from './find-files.ts'
import { MAX_FILE_BYTES } from './limits.ts'
import { type ReadStdin, readLimited } from './read-limited.ts'

/** The text of one file. */
export interface Source {
  /** As the user named it; `<stdin>` for standard input. */
  readonly file: string
  /** The folder that relative paths in it start from. */
  readonly folder: string
  readonly text: string
}

// What `node:fs/promises` loads with them costs each start more than the reading.
const realpath = promisify(realpathOf.native)
const stat = promisify(statOf)

/** How standard input is called. */
export const STDIN_NAME = '<stdin>'

/** The file that is read where none is named. */
export const DEFAULT_FILE = 'vpn.yaml'

/** The code of a file that does not exist or cannot be read. */
export const UNREADABLE_FILE = 'VPN101'

/** Where named files are, and what ends the wait for a pipe. */
export interface SourceOptions {
  readonly cwd: string
  readonly readStdin: ReadStdin
  /** The reads reject with its reason. */
  readonly signal?: AbortSignal | undefined
  /** Texts that are not written yet, in place of what the files of these names have, if they exist. */
  readonly drafts?: ReadonlyMap<string, string> | undefined
}

/** Reads all that the arguments mean; a file that is named twice is read once. */
export async function readSources(
  files: readonly string[],
  options: SourceOptions,
): Promise<{ readonly sources: readonly Source[]; readonly diagnostics: readonly Diagnostic[] }> {
  const sources: Source[] = []
  const diagnostics: Diagnostic[] = []
  const seen = new Set<string>()
  for (const argument of files) {
    for (const read of await readArgument(argument, options, seen)) {
      if ('text' in read) sources.push({ ...read, text: options.drafts?.get(read.file) ?? read.text })
      else diagnostics.push(read)
    }
  }
  return { sources, diagnostics }
}

async function readArgument(
  argument: string,
  options: SourceOptions,
  seen: Set<string>,
): Promise<readonly (Source | Diagnostic)[]> {
  const { cwd, readStdin, signal } = options
  if (argument === '-') {
    if (seen.has('-')) return []
    seen.add('-')
    return [decode(STDIN_NAME, cwd, await readStdin({ maxBytes: MAX_FILE_BYTES, signal }))]
  }
  const found = await findFiles(argument, cwd)
  const draft = options.drafts?.get(argument)
  if (draft !== undefined && found.type !== 'files') {
    return [{ file: argument, folder: dirname(resolve(cwd, argument)), text: draft }]
  }
  switch (found.type) {
    case 'unreadable':
      return [unreadable(argument, found.code)]
    case 'none':
      return [
        {
          severity: 'error',
          code: 'VPN102',
          message:
            found.because === 'folder'
              ? `there are no *.yaml or *.yml files in ${argument}`
              : `no file matches ${argument}`,
          hint: 'name a file, a folder with YAML files, or - for standard input',
        },
      ]
    case 'files':
      break
    default:
      return found satisfies never
  }
  const results: (Source | Diagnostic)[] = []
  for (const name of found.names) {
    const path = resolve(cwd, name)
    const real = await realpath(path).catch(() => path)
    if (seen.has(real)) continue
    seen.add(real)
    const isNamed = name === argument
    results.push(isNamed || (await isFile(path)) ? await readOne(name, path, signal) : notAFile(name))
  }
  return results
}

async function readOne(
  name: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Source | Diagnostic> {
  try {
    return decode(name, dirname(path), await readLimited(path, { maxBytes: MAX_FILE_BYTES, signal }))
  } catch (error) {
    signal?.throwIfAborted()
    return unreadable(name, errorCode(error))
  }
}

// One that is gone since is reported by its reader.
async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (entry) => entry.isFile(),
    () => true,
  )
}

// A pipe whose writer never comes would be waited for, and to leave it out could make resources look unwanted.
function notAFile(file: string): Diagnostic {
  return {
    severity: 'error',
    code: 'VPN127',
    message: `${file} is a pipe, a socket or a device`,
    hint: 'in a folder only regular files are read: take it out of the folder, or name it with -f',
  }
}

function unreadable(file: string, code: string): Diagnostic {
  const words: Readonly<Record<string, readonly [message: string, hint: string]>> = {
    ENOENT: [
      'does not exist',
      file === DEFAULT_FILE
        ? 'vpnctl init writes one; if yours has another name, name it with -f'
        : 'check the name and the folder',
    ],
    EACCES: ['may not be read', 'check its permissions'],
    EPERM: ['may not be read', 'check its permissions'],
    EISDIR: ['is a folder', 'name a file in it'],
    ENOTDIR: ['does not exist: a part of its path is not a folder', 'check the path'],
    ELOOP: ['is a link that leads to itself', 'name the file itself'],
  }
  const [message, hint] = words[code] ?? [`cannot be read (${code})`, 'check the file']
  return { severity: 'error', code: UNREADABLE_FILE, message: `${file} ${message}`, hint }
}

/** Bytes as text. A byte order mark is dropped. */
function decode(file: string, folder: string, bytes: Uint8Array): Source | Diagnostic {
  if (bytes.length > MAX_FILE_BYTES) {
    return {
      severity: 'error',
      code: 'VPN103',
      message: `${file} is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB`,
      hint: 'split it into several files in one folder, and name the folder',
    }
  }
  // No YAML has NUL in it, and UTF-16 without a byte order mark has it in every other place.
  const isBinary = bytes.includes(0)
  try {
    if (isBinary) throw new TypeError('holds NUL')
    return { file, folder, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return {
      severity: 'error',
      code: 'VPN104',
      message: 'the file is not UTF-8 text from here on',
      hint: encodingHint(bytes),
      at: firstBadByte(file, bytes),
    }
  }
}

function encodingHint(bytes: Uint8Array): string {
  if (isUtf16(bytes)) return 'it looks like UTF-16: save it as UTF-8'
  return bytes.includes(0)
    ? 'is it a YAML file at all? It contains NUL bytes'
    : 'save it as UTF-8: it may be Latin-1'
}

function isUtf16(bytes: Uint8Array): boolean {
  const [first = 1, second = 1, third = 1, fourth = 1] = bytes
  const hasMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  // Without a mark: what YAML starts with are letters of ASCII, in two bytes each.
  return hasMark || (first === 0 && third === 0) || (second === 0 && fourth === 0)
}

// Up to the first bad byte, text and bytes run in step; a U+FFFD that is really there is three bytes.
function firstBadByte(file: string, bytes: Uint8Array): SourceRange {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).replaceAll('\0', '\ufffd')
  let offset = 0
  let consumed = 0
  for (let at = text.indexOf('\ufffd'); at !== -1; at = text.indexOf('\ufffd', at + 1)) {
    consumed += Buffer.byteLength(text.slice(offset, at))
    offset = at
    if (bytes[consumed] !== 0xef || bytes[consumed + 1] !== 0xbf || bytes[consumed + 2] !== 0xbd) break
    consumed += 3
    offset = at + 1
  }
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  const column = before.length - (before.lastIndexOf('\n') + 1) + 1
  return {
    file,
    start: { line, column, offset },
    end: { line, column: column + 1, offset: offset + 1 },
  }
}
