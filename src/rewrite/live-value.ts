import { type FieldPath, isPlainObject, type Plain, type PlainObject, withPath } from '../model/json.ts'
import type { JsonSchema, LiveResource } from '../model/resource.ts'
import type { LayoutRules } from './layout-rules.ts'

/** A live spec as the file says it, and the fields that the file has no word for. */
export interface FileValue {
  readonly value: PlainObject
  readonly unknown: readonly FieldPath[]
}

/**
 * The fields of a live resource for the file, in canonical order: documented defaults left out, secrets as
 * `references` (in the order of the kind's secrets), `${` written so that it is not a variable.
 */
export function fileValue(
  live: LiveResource,
  shape: LayoutRules,
  references: readonly PlainObject[],
): FileValue {
  const { kind } = live
  const { value: known, unknown } = writtenSpec(live)
  let value = withoutDefaults(known, kind.defaults) as Record<string, Plain>
  for (const [index, { path }] of kind.secrets.entries()) {
    const reference = references[index]
    if (reference !== undefined) value = withPath<Plain>(value, path, reference)
  }
  return {
    value: ordered({ ...value, name: literal(live.name), id: live.id }, shape) as PlainObject,
    unknown,
  }
}

/** A live spec as the file says it, documented defaults written out, without secrets. */
export function writtenSpec({ spec, kind }: LiveResource): FileValue {
  const unknown: FieldPath[] = []
  return { value: pick(spec, kind.schema, [], unknown) as PlainObject, unknown }
}

/** The same text where `${var.NAME}` means a variable. */
export function literal(text: string): string {
  return text.replaceAll('${', () => '$${')
}

function pick(value: Plain, schema: JsonSchema, path: FieldPath, unknown: FieldPath[]): Plain {
  if (typeof value === 'string') return literal(value)
  if (Array.isArray(value)) {
    const items = isPlainObject(schema.items) ? (schema.items as JsonSchema) : {}
    return (value as readonly Plain[]).map((item, index) =>
      pick(item, items, [...path, String(index)], unknown),
    )
  }
  if (!isPlainObject(value) || !isPlainObject(schema.properties)) return value
  const properties = schema.properties as unknown as Readonly<Record<string, JsonSchema>>
  const members: [string, Plain][] = []
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined) continue
    const member = Object.hasOwn(properties, key) ? properties[key] : undefined
    if (member === undefined) unknown.push([...path, key])
    else members.push([key, pick(inner, member, [...path, key], unknown)])
  }
  return Object.fromEntries(members)
}

function withoutDefaults(value: PlainObject, defaults: PlainObject): PlainObject {
  const entries = Object.entries(value).flatMap(([key, inner]): [string, Plain | undefined][] => {
    const fallback = Object.hasOwn(defaults, key) ? defaults[key] : undefined
    if (isPlainObject(fallback) && isPlainObject(inner)) return [[key, withoutDefaults(inner, fallback)]]
    return fallback !== undefined && fallback === inner ? [] : [[key, inner]]
  })
  return Object.fromEntries(entries)
}

function ordered(value: Plain, shape: LayoutRules | undefined): Plain {
  if (Array.isArray(value)) {
    const item = shape?.type === 'list' ? shape.item : undefined
    return (value as readonly Plain[]).map((each) => ordered(each, item))
  }
  if (!isPlainObject(value)) return value
  if (shape?.type !== 'map') return value
  const rank = (key: string): number => {
    const index = shape.order.indexOf(key)
    return index === -1 ? shape.order.length : index
  }
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => rank(a) - rank(b))
      .map(([key, inner]) => [key, ordered(inner ?? null, shape.members.get(key))]),
  )
}

/** The field around a path that the service chooses where the file is silent, or undefined. */
export function serverChosenField({ kind }: LiveResource, path: FieldPath): FieldPath | undefined {
  return kind.serverChosen.find((chosen) => chosen.every((step, index) => path[index] === step))
}
