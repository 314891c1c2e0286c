import { uuid } from '../kinds/canonical.ts'
import { kindsUnder } from '../kinds/index.ts'
import { parseIp, shortestInterface } from '../kinds/ip.ts'
import { isPlainObject, type Plain, type PlainObject } from '../model/json.ts'
import type { JsonSchema, ResourceKind } from '../model/resource.ts'
import { canaryMember } from '../schema/compose.ts'
import { DOCUMENT_MEMBERS, RESOURCE_MEMBERS } from '../schema/file-schema.ts'

/** What may be at a place of the file: in which order fields are written, and in which form a value is written. */
export type LayoutRules =
  | {
      readonly type: 'map'
      /** Fields in their order; what is not named comes last. */
      readonly order: readonly string[]
      readonly members: ReadonlyMap<string, LayoutRules>
    }
  | { readonly type: 'list'; readonly item: LayoutRules }
  | {
      readonly type: 'leaf'
      /** The canonical value; the value itself where there is nothing to say. */
      readonly respell: (value: Plain) => Plain
    }

/** Where `<<` is: behind what says which resource it is, in front of what it brings. */
export const MERGE_KEY = '<<'
/** Where fields that start with `x-` are: in front of the resources that refer to them. */
export const EXTENSION_PREFIX = 'x-'

/** The shape of one document of the file. */
export function documentRules(): LayoutRules {
  const kinds = kindsUnder(null)
  return {
    type: 'map',
    order: [...Object.keys(DOCUMENT_MEMBERS), EXTENSION_PREFIX, ...kinds.map((kind) => kind.yamlKey)],
    members: new Map<string, LayoutRules>([
      ...Object.entries(DOCUMENT_MEMBERS).map(([key, schema]) => [key, plainShape(schema)] as const),
      ...kinds.map((kind) => [kind.yamlKey, { type: 'list', item: resourceRules(kind) }] as const),
    ]),
  }
}

/** The shape of one resource: its name and our own fields first, its children last. */
export function resourceRules(kind: ResourceKind): Extract<LayoutRules, { type: 'map' }> {
  const children = kindsUnder(kind)
  const own = schemaMembers(kind.schema)
  const ours = Object.keys(RESOURCE_MEMBERS)
  const canary = canaryMember(kind)
  return {
    type: 'map',
    order: [
      'name',
      ...ours,
      'location',
      MERGE_KEY,
      ...Object.keys(own).filter((key) => key !== 'name'),
      ...Object.keys(canary),
      ...children.map((child) => child.yamlKey),
    ],
    members: new Map<string, LayoutRules>([
      ...Object.entries(own).map(([key, schema]) => [key, fieldShape(kind, schema, [key])] as const),
      ...Object.entries(canary).map(([key, schema]) => [key, plainShape(schema)] as const),
      ['id', { type: 'leaf', respell: (value) => uuid(value) ?? value }],
      ...children.map((child) => [child.yamlKey, { type: 'list', item: resourceRules(child) }] as const),
    ]),
  }
}

// A step into a list, whatever its index.
const EACH = 0
type Step = string | typeof EACH

function fieldShape(kind: ResourceKind, schema: JsonSchema, path: readonly Step[]): LayoutRules {
  if (isPlainObject(schema.items)) {
    return { type: 'list', item: fieldShape(kind, schema.items as JsonSchema, [...path, EACH]) }
  }
  const members = schemaMembers(schema)
  if (Object.keys(members).length === 0) {
    return { type: 'leaf', respell: (value) => respell(kind, path, value) }
  }
  return {
    type: 'map',
    order: [MERGE_KEY, ...Object.keys(members)],
    members: new Map(
      Object.entries(members).map(([key, inner]) => [key, fieldShape(kind, inner, [...path, key])]),
    ),
  }
}

// The kind's one canonical form is a function of a whole spec: asked for a spec of this one value.
function respell(kind: ResourceKind, path: readonly Step[], value: Plain): Plain {
  const around = path.reduceRight<Plain>(
    (inner, step) => (step === EACH ? [inner] : { [step]: inner }),
    value,
  )
  let found: Plain | undefined = kind.normalise(around as PlainObject)
  for (const step of path) {
    found = (found as Readonly<Record<Step, Plain | undefined>> | undefined)?.[step]
  }
  return keepHostBits(value, found ?? value)
}

// A network with host bits may be a slip that the validation warns about: dropping them would hide it.
function keepHostBits(value: Plain, canonical: Plain): Plain {
  if (typeof value !== 'string' || typeof canonical !== 'string') return canonical
  const written = parseIp(value)
  if (written === undefined || written.address === parseIp(canonical)?.address) return canonical
  return shortestInterface(value) ?? value
}

function plainShape(schema: JsonSchema): LayoutRules {
  if (isPlainObject(schema.items)) return { type: 'list', item: plainShape(schema.items as JsonSchema) }
  const members = schemaMembers(schema)
  if (Object.keys(members).length === 0) return { type: 'leaf', respell: (value) => value }
  return {
    type: 'map',
    order: [MERGE_KEY, ...Object.keys(members)],
    members: new Map(Object.entries(members).map(([key, inner]) => [key, plainShape(inner)])),
  }
}

function schemaMembers(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return isPlainObject(schema.properties)
    ? (schema.properties as unknown as Readonly<Record<string, JsonSchema>>)
    : {}
}
