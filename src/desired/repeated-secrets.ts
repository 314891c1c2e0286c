import type { ConfigDocument } from '../config/evaluate.ts'
import { kindsUnder } from '../kinds/index.ts'
import { type Diagnostic, type Place, placed } from '../model/diagnostic.ts'
import { type FieldPath, formatPath, isPlainObject } from '../model/json.ts'
import { optional } from '../model/optional.ts'
import type { Secret } from '../model/secret.ts'
import type { Built } from './entries.ts'
import type { ReadSecret } from './secrets.ts'

// A shorter value occurs in words by chance; the rules about weak keys speak of it.
const SHORTEST = 8

/** Fields that repeat a secret, and the secrets that they repeat, so that no other text shows them either. */
export interface Repetitions {
  readonly diagnostics: readonly Diagnostic[]
  readonly secrets: readonly Secret[]
}

/**
 * Looks for the values of secrets in everything else that the files say: plans, logs and comments print it. Takes time
 * in proportion to the texts, however many secrets there are. The diagnostics hold no value, but addresses may.
 */
export function findRepetitions(
  documents: readonly ConfigDocument[],
  entries: readonly Built[],
  read: readonly ReadSecret[],
): Repetitions {
  const find = secretFinder(read)
  if (find === undefined) return { diagnostics: [], secrets: [] }
  const diagnostics: Diagnostic[] = []
  const secrets = new Set<Secret>()
  const lookAt = (texts: Texts, place: Built['place'], address?: string): void =>
    texts((text, path, part) => {
      for (const found of find(text)) {
        secrets.add(found.value)
        diagnostics.push(finding(found, [...path], place([...path], part), address))
      }
    })
  for (const document of documents) lookAt(settingsOf(document), document.place)
  for (const entry of entries) lookAt(textsOf(entry), entry.place, entry.resource.address)
  return { diagnostics, secrets: [...secrets] }
}

function finding(
  { entry, path: secretPath }: ReadSecret,
  path: FieldPath,
  place: Place,
  address: string | undefined,
): Diagnostic {
  return {
    severity: 'error',
    code: 'VPN408',
    message: `${formatPath(path)} repeats a secret, ${formatPath(secretPath)} of ${entry.resource.address}, and is printed in plans and logs`,
    hint: 'take it out of there, and make a new secret: this one has been written down in the clear',
    ...optional({ address }),
    ...placed(place),
  }
}

// The path is the walker's own and changes as it goes on.
type See = (text: string, path: FieldPath, part?: 'key') => void
type Texts = (see: See) => void

// Variables may contain secrets, by --allow-plaintext-secrets; where they are used is looked at.
function settingsOf({ value }: ConfigDocument): Texts {
  if (!isPlainObject(value)) return () => undefined
  const elsewhere = new Set(['vars', ...kindsUnder(null).map(({ yamlKey }) => yamlKey)])
  const own = Object.fromEntries(Object.entries(value).filter(([key]) => !elsewhere.has(key)))
  return (see) => walk(own, [], see)
}

function textsOf({ written, resource }: Built): Texts {
  return (see) => {
    walk(written, [], see)
    if (resource.id !== undefined) see(resource.id, ['id'])
    if (resource.renamedFrom !== undefined) see(resource.renamedFrom, ['renamedFrom'])
    for (const { path, reference } of resource.secrets) {
      if (reference.from === 'env') see(reference.name, [...path, 'env'])
      if (reference.from === 'file') see(reference.path, [...path, 'file'])
    }
  }
}

function walk(value: unknown, path: string[], see: See): void {
  if (typeof value === 'string') see(value, path)
  else if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      path.push(String(index))
      walk(value[index], path, see)
      path.pop()
    }
  } else if (isPlainObject(value)) {
    for (const key of Object.keys(value)) {
      path.push(key)
      see(key, path, 'key')
      walk(value[key], path, see)
      path.pop()
    }
  }
}

const NONE: readonly ReadSecret[] = []

/** Finds the secrets inside a text; undefined when there are none to look for. */
function secretFinder(read: readonly ReadSecret[]): ((text: string) => Iterable<ReadSecret>) | undefined {
  const byStart = new Map<string, Map<string, ReadSecret>>()
  // Most places of a text begin no secret: a hash of four characters shows that without cutting the text up.
  const starts = new Uint8Array(0x10000)
  for (const secret of read) {
    const value = secret.value.reveal().trim()
    if (value.length < SHORTEST) continue
    const start = value.slice(0, SHORTEST)
    const same = byStart.get(start) ?? new Map<string, ReadSecret>()
    if (!same.has(value)) same.set(value, secret)
    byStart.set(start, same)
    starts[hashAt(value, 0)] = 1
  }
  if (byStart.size === 0) return undefined
  return (text) => {
    let found: Set<ReadSecret> | undefined
    for (let at = 0; at + SHORTEST <= text.length; at += 1) {
      if (starts[hashAt(text, at)] !== 1) continue
      const candidates = byStart.get(text.slice(at, at + SHORTEST))
      for (const [value, secret] of candidates ?? []) {
        if (text.startsWith(value, at)) found = (found ?? new Set()).add(secret)
      }
    }
    return found ?? NONE
  }
}

function hashAt(text: string, at: number): number {
  const start = (text.charCodeAt(at) << 9) ^ (text.charCodeAt(at + 1) << 6)
  return (start ^ (text.charCodeAt(at + 2) << 3) ^ text.charCodeAt(at + 3)) & 0xffff
}
