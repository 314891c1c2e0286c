import { open, stat } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import { classOf } from '../model/codes.ts'
import { type Diagnostic, placed } from '../model/diagnostic.ts'
import { errorCode } from '../model/errors.ts'
import { type FieldPath, formatPath } from '../model/json.ts'
import { looksLikeKey } from '../model/key-form.ts'
import type { DesiredSecret, SecretField } from '../model/resource.ts'
import { describeReference, Secret, type SecretReference } from '../model/secret.ts'
import { isPlaceholder, unusableSecret } from '../model/unusable-secret.ts'
import { type Built, type ResolvedSecrets, withSecrets } from './entries.ts'

/** Where secrets come from, and whether they have to be there. */
export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>
  /** `optional`: one that is missing is a warning, and is not compared. */
  readonly mode: 'optional' | 'required'
}

type Trouble = { readonly code: string; readonly message: string; readonly hint: string }

/** What reading a reference gave. `missing` is not an error where secrets are optional. */
type Reading =
  | { readonly type: 'text'; readonly text: string; readonly worldReadable: boolean }
  | ({ readonly type: 'missing' } & Trouble)
  | ({ readonly type: 'problem' } & Trouble)

const LARGEST_SECRET = 64 * 1024
// As many files at once as any system lets a process open.
const AT_ONCE = 32

/** A secret whose text was found, whether or not it can be used. */
export interface ReadSecret {
  readonly entry: Built
  readonly path: FieldPath
  readonly value: Secret
}

/** Entries with their secrets, and what is wrong with these. */
export interface SecretsResolved {
  readonly entries: readonly Built[]
  readonly diagnostics: readonly Diagnostic[]
  readonly read: readonly ReadSecret[]
}

/** The entries with the values of their secrets. Values are in no diagnostic. */
export async function resolveSecrets(
  entries: readonly Built[],
  sources: SecretSources,
): Promise<SecretsResolved> {
  const read = reader(sources)
  const found: Resolved[] = []
  const queue = entries.filter(({ resource }) => resource.secrets.length > 0 || resource.canary !== undefined)
  for (let start = 0; start < queue.length; start += AT_ONCE) {
    const batch = queue.slice(start, start + AT_ONCE)
    const results = await Promise.all(batch.map((entry) => resolveEntry(entry, read, sources.mode)))
    found.push(...results)
  }
  return {
    entries: withSecrets(entries, new Map(found.map(({ entry, secrets }) => [entry, secrets]))),
    diagnostics: found.flatMap(({ diagnostics }) => diagnostics),
    read: found.flatMap(({ read: values }) => values),
  }
}

function writtenOut(form: string, what: string): Reading {
  return {
    type: 'problem',
    code: 'VPN401',
    message: `${what} is expected here, and this looks like the key itself`,
    hint: `put the key where the reference points to, and write { ${form} }; a key that was committed has to be replaced`,
  }
}

interface Resolved {
  readonly entry: Built
  readonly secrets: ResolvedSecrets
  readonly diagnostics: readonly Diagnostic[]
  readonly read: readonly ReadSecret[]
}

type Form = Pick<SecretField, 'problem' | 'trim' | 'example'>

type Read = (reference: SecretReference, folder: string) => Promise<Reading>

async function resolveEntry(entry: Built, read: Read, mode: SecretSources['mode']): Promise<Resolved> {
  const diagnostics: Diagnostic[] = []
  const secrets: DesiredSecret[] = []
  const values: ReadSecret[] = []
  const resolve = async (secret: DesiredSecret, field: Form | undefined): Promise<DesiredSecret> => {
    const reading =
      secret.value === null
        ? await read(secret.reference, entry.document.source.folder)
        : ({ type: 'text', text: secret.value.reveal(), worldReadable: false } as const)
    if (reading.type === 'text') values.push({ entry, path: secret.path, value: new Secret(reading.text) })
    const { value, troubles } = judge(reading, secret, field, mode)
    // Only a probe needs the key of a canary, and says so where it has none: it must not stop a plan or an apply.
    const isOfProbe = secret === canary
    for (const { severity, ...trouble } of troubles) {
      if (isOfProbe && classOf(trouble.code) === 'absent') continue
      diagnostics.push({
        severity: isOfProbe ? 'warning' : severity,
        ...trouble,
        address: entry.resource.address,
        ...placed(entry.place(secret.path)),
      })
    }
    return { ...secret, value }
  }
  const { canary, kind } = entry.resource
  for (const secret of entry.resource.secrets) {
    const field = kind.secrets.find(({ path }) => formatPath(path) === formatPath(secret.path))
    secrets.push(await resolve(secret, field))
  }
  const probeKey = canary === undefined ? {} : { canary: await resolve(canary, kind.probing?.canary?.secret) }
  return { entry, secrets: { secrets, ...probeKey }, diagnostics, read: values }
}

function judge(
  reading: Reading,
  { path, reference }: { readonly path: FieldPath; readonly reference: SecretReference },
  field: Form | undefined,
  mode: SecretSources['mode'],
): { value: Secret | null; troubles: readonly (Trouble & Pick<Diagnostic, 'severity'>)[] } {
  if (reading.type !== 'text') {
    const { type, ...trouble } = reading
    const severity = type === 'missing' && mode === 'optional' ? 'warning' : 'error'
    return { value: null, troubles: [{ severity, ...trouble }] }
  }
  const text = field?.trim === true ? reading.text.trim() : reading.text
  const value = new Secret(text)
  const source = describeReference(reference)
  const example = field?.example ?? 'openssl rand -base64 32'
  const hint = `give it the value in use, or a new one where nothing uses it yet: ${example}`
  if (text === '') {
    return {
      value: null,
      troubles: [
        {
          // Pipelines set a variable whose secret a run may not see, a fork's for one, to nothing.
          severity: reference.from === 'env' && mode === 'optional' ? 'warning' : 'error',
          code: 'VPN404',
          message: `${formatPath(path)} (${source}) is empty`,
          hint,
        },
      ],
    }
  }
  const unusable = unusableSecret(text)
  if (unusable !== undefined) {
    return {
      value: null,
      troubles: [
        {
          // Azure leaves the placeholder where a run may not see the secret.
          severity:
            isPlaceholder(text) && reference.from === 'env' && mode === 'optional' ? 'warning' : 'error',
          ...unusable,
          message: `${formatPath(path)} (${source}) ${unusable.message}`,
        },
      ],
    }
  }
  const problem = field?.problem(value)
  if (problem !== undefined) {
    return {
      value: null,
      troubles: [
        {
          severity: 'error',
          code: 'VPN407',
          message: `${formatPath(path)} (${source}) ${problem}`,
          hint,
        },
      ],
    }
  }
  if (!reading.worldReadable) return { value, troubles: [] }
  const readable: Trouble = {
    code: 'VPN406',
    message: `the ${source} can be read by every user of this machine`,
    hint: 'chmod 600 it',
  }
  return { value, troubles: [{ severity: 'warning', ...readable }] }
}

// Several resources may share one reference: it is read once.
function reader({ env }: SecretSources): Read {
  const known = new Map<string, Promise<Reading>>()
  return (reference, folder) => {
    switch (reference.from) {
      case 'env':
        return Promise.resolve(readVariable(reference.name, env))
      case 'file': {
        const path = resolve(folder, reference.path)
        const reading = known.get(path) ?? readFile(reference.path, path)
        known.set(path, reading)
        return reading
      }
      case 'literal':
        return Promise.resolve({ type: 'text', text: '', worldReadable: false })
      default:
        return reference satisfies never
    }
  }
}

function readVariable(name: string, env: SecretSources['env']): Reading {
  const text = env[name]
  if (text !== undefined) return { type: 'text', text: text.replace(/(\r?\n)+$/, ''), worldReadable: false }
  // No variable or file has this name; then it must not be repeated, neither here nor in a plan.
  if (looksLikeKey(name)) return writtenOut('env: NAME', 'the name of a variable')
  return {
    type: 'missing',
    code: 'VPN403',
    message: `the environment variable ${name} is not set`,
    hint: `an apply that creates or changes this resource needs it: export ${name}=...`,
  }
}

async function readFile(shown: string, path: string): Promise<Reading> {
  try {
    // Before it is opened: to open a pipe is to wait for its writer.
    const entry = await stat(path)
    if (!entry.isFile()) return unusable(shown, 'is not a regular file')
    if (entry.size > LARGEST_SECRET) return unusable(shown, 'is too large for a secret')
    const handle = await open(path, 'r')
    try {
      const bytes = await handle.readFile()
      const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/(\r?\n)+$/, '')
      // Permission bits mean nothing on Windows.
      return { type: 'text', text, worldReadable: sep === '/' && (entry.mode & 0o004) !== 0 }
    } finally {
      await handle.close()
    }
  } catch (error) {
    return fileTrouble(shown, error)
  }
}

function fileTrouble(shown: string, error: unknown): Reading {
  const code = errorCode(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    if (looksLikeKey(shown)) return writtenOut('file: path', 'the path of a file')
    return {
      type: 'missing',
      code: 'VPN403',
      message: `the file ${shown} does not exist`,
      hint: 'an apply that creates or changes this resource needs it; the path is relative to the YAML file',
    }
  }
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return unusable(shown, 'is not UTF-8 text')
  return unusable(
    shown,
    code === 'EACCES' || code === 'EPERM' ? 'may not be read' : `cannot be read (${code})`,
  )
}

function unusable(shown: string, why: string): Reading {
  return {
    type: 'problem',
    code: 'VPN405',
    message: `the file ${shown} ${why}`,
    hint: 'a secret is read from a regular file that this user may read',
  }
}
