import { type Address, located } from '../../model/address.ts'
import type { Diagnostic, SourceRange } from '../../model/diagnostic.ts'
import { deriveId } from '../../model/identity.ts'
import type { PlainObject } from '../../model/json.ts'
import { optional } from '../../model/optional.ts'
import type { DesiredResource, DesiredState, LiveResource, LiveState } from '../../model/resource.ts'
import { liveAddresses } from '../../plan/match/live-address.ts'
import { match } from '../../plan/match/match.ts'
import { FILE_START } from '../../rewrite/edit/place.ts'
import type { EntryEdit } from '../../rewrite/entry-edits.ts'
import type { ExportedSecret } from '../../rewrite/export.ts'
import { liveEntry } from '../../rewrite/live-entry.ts'
import type { FileFlags, RemoteFlags } from '../flags/options.ts'
import { apiArguments, sameInputs } from '../output/rerun-command.ts'

/** Edits that put live resources into files, what cannot be put there, and the secrets that the entries refer to. */
export interface NewEntries {
  readonly edits: readonly EntryEdit[]
  readonly refused: readonly Diagnostic[]
  readonly secrets: readonly ExportedSecret[]
}

/**
 * The edits that write live resources into the files: each below its parent, or among the gateways of its location,
 * with its id where the stack would derive another one. Where there is no gateway at all, it is the first one of the first
 * of the `files`.
 */
export function newEntries(
  desired: DesiredState,
  live: LiveState,
  wanted: readonly LiveResource[],
  files: readonly string[],
  flags: FileFlags & RemoteFlags,
): NewEntries {
  const matching = match(desired, live)
  const addressOf = liveAddresses(matching)
  const entries = new Map(desired.resources.map((each) => [located(each), each]))
  const isWanted = (resource: LiveResource): boolean => wanted.includes(resource)
  const edits: EntryEdit[] = []
  const refused: Diagnostic[] = []
  const secrets: ExportedSecret[] = []
  for (const resource of wanted) {
    const parent = matching.index.parentOf(resource)
    if (parent !== undefined && isWanted(parent)) continue
    const address = addressOf(resource)
    const twin = entries.get(located({ ...resource, address }))
    if (twin !== undefined) {
      const isLive = matching.matched.some((found) => found.desired === twin && found.match.type === 'live')
      refused.push(withTwin(address, resource, isLive))
      continue
    }
    const entry = parent === undefined ? undefined : matching.byLive.get(parent)
    const written = liveEntry(live, desired.stack, resource, isWanted)
    if (written === undefined) {
      refused.push(noEntry(address, 'it has no name, or is being destroyed', 'give it a name, or wait'))
    } else if (parent !== undefined) {
      const at = entry?.match.type === 'live' ? entry.desired.locate(['name']) : undefined
      if (at === undefined) refused.push(withoutParent(address, addressOf(parent), flags))
      else {
        const value = withoutDerivedId(desired.stack, resource, address, written.entry)
        edits.push({ type: 'add', at, list: resource.kind.yamlKey, entry: value })
        secrets.push(...written.secrets)
      }
    } else {
      const neighbour = neighbourOf(desired.resources, resource)
      const at = neighbour === undefined ? startOf(files) : neighbour.locate(['name'])
      if (at === undefined) refused.push(withoutFile(address, desired.stack, flags))
      else {
        const value = withoutDerivedId(desired.stack, resource, address, written.entry)
        const isThere =
          neighbour === undefined ? isOnlyLocation(desired, resource) : hasLocationOf(neighbour, resource)
        edits.push({
          type: 'add',
          at,
          top: true,
          list: resource.kind.yamlKey,
          entry: isThere ? value : withLocation(value, resource.location),
        })
        secrets.push(...written.secrets)
      }
    }
  }
  return { edits, refused, secrets }
}

function withoutDerivedId(
  stack: string,
  { id, location }: LiveResource,
  address: Address,
  entry: PlainObject,
): PlainObject {
  if (deriveId(stack, location, address) !== id) return entry
  const { id: _, ...rest } = entry
  return rest
}

// Something at the top of a document, of its kind and in its location if possible.
function neighbourOf(
  resources: readonly DesiredResource[],
  { kind, location }: LiveResource,
): DesiredResource | undefined {
  const tops = resources.filter(({ parent }) => parent === null)
  const near = tops.filter((each) => each.location === location)
  return near.find((each) => each.kind === kind) ?? near[0] ?? tops[0]
}

function hasLocationOf(neighbour: DesiredResource, { location }: LiveResource): boolean {
  return neighbour.location === location && neighbour.locate(['location']) === undefined
}

// Without a gateway, the only location that files name is the one at their top.
function isOnlyLocation({ locations }: DesiredState, { location }: LiveResource): boolean {
  return locations.length === 1 && locations[0] === location
}

function startOf([file]: readonly string[]): SourceRange | undefined {
  const start = { line: 1, column: 1, offset: FILE_START }
  return file === undefined ? undefined : { file, start, end: start }
}

function withLocation({ name, id, ...rest }: PlainObject, location: string): PlainObject {
  return { name, ...optional({ id }), location, ...rest }
}

function withTwin(address: Address, { id }: LiveResource, isLive: boolean): Diagnostic {
  return noEntry(
    address,
    'the files have an entry of this name',
    isLive
      ? `that entry is another live resource: write one under another name by hand, with id: ${id}; an apply then renames it`
      : `to adopt it, add to that entry: id: ${id}`,
  )
}

function withoutParent(address: Address, parent: Address, flags: FileFlags & RemoteFlags): Diagnostic {
  return noEntry(
    address,
    `${parent} is not in the files`,
    `adopt it first: vpnctl adopt ${parent} --write${sameInputs(flags)}`,
  )
}

function withoutFile(address: Address, stack: string, flags: RemoteFlags): Diagnostic {
  return noEntry(
    address,
    'the files have no gateway next to which it could be written',
    `write a file of its own: vpnctl export --target ${address} --stack ${stack} --out FILE${apiArguments(flags)}`,
  )
}

function noEntry(address: Address, why: string, hint: string): Diagnostic {
  return { severity: 'error', code: 'VPN614', message: `${address} was not written: ${why}`, hint, address }
}
