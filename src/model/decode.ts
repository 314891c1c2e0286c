import { type FieldPath, getPath, isPlainObject, type PlainObject, withoutPath } from './json.ts'
import type { WireResource } from './remote.ts'
import type { Collection, LiveMetadata, LiveResource, ResourceKind } from './resource.ts'
import { Secret } from './secret.ts'

/** A resource of the API as a live resource: canonical, secrets taken out. Never throws on unexpected values. */
export function decodeLive(collection: Collection, wire: WireResource): LiveResource {
  const { kind, location, parentIds } = collection
  const { metadata } = wire
  const { spec, secrets } = takeSecrets(kind, wire.properties as PlainObject)
  const statusMessage = text(metadata.statusMessage)
  return {
    kind,
    location,
    parentIds,
    id: wire.id.toLowerCase(),
    name: text(wire.properties.name) ?? '',
    spec: kind.normalise(spec),
    secrets,
    status: (text(metadata.status) ?? 'UNKNOWN').toUpperCase(),
    ...(statusMessage === undefined ? {} : { statusMessage }),
    metadata: decodeMetadata(metadata, verifyingNames(kind)),
  }
}

const NONE: LiveResource['secrets'] = []

function takeSecrets(kind: ResourceKind, properties: PlainObject): Pick<LiveResource, 'spec' | 'secrets'> {
  if (kind.secrets.length === 0) return { spec: properties, secrets: NONE }
  let spec = properties
  const secrets: { path: FieldPath; value: Secret }[] = []
  for (const field of kind.secrets) {
    const returned = getPath(spec, field.path)
    if (typeof returned === 'string' && field.isReal(returned)) {
      secrets.push({ path: field.path, value: new Secret(field.trim ? returned.trim() : returned) })
    }
    spec = withoutPath(spec, field.path)
  }
  return { spec, secrets }
}

const SHOWN = ['createdDate', 'createdBy', 'lastModifiedDate', 'lastModifiedBy'] as const

/** The metadata that the service derives from the secrets of a kind. */
export function verifyingNames({ secrets }: ResourceKind): readonly string[] {
  return secrets.flatMap(({ verifiedBy }) => verifiedBy ?? [])
}

function decodeMetadata(
  metadata: Readonly<Record<string, unknown>>,
  derived: readonly string[],
): LiveMetadata {
  const known: Record<string, string> = {}
  for (const key of [...SHOWN, ...derived]) {
    const value = text(metadata[key])
    if (value !== undefined) known[key] = value
  }
  return known
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The resource of an answer, or undefined when the value has not the shape of one. */
export function asWireResource(value: unknown): WireResource | undefined {
  if (!isPlainObject(value) || typeof value.id !== 'string' || !isPathSegment(value.id)) return undefined
  if (!isPlainObject(value.properties)) return undefined
  const metadata = isPlainObject(value.metadata) ? value.metadata : {}
  return { id: value.id, metadata, properties: value.properties }
}

/** Whether an id can stand in the path of a URL: `.` and `..` would shorten it, in their escaped forms too. */
export function isPathSegment(id: string): boolean {
  return id !== '' && id !== '.' && id !== '..'
}
