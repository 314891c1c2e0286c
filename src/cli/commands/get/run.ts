import { KINDS } from '../../../kinds/index.ts'
import { matchesAny, splitLocation } from '../../../model/address-pattern.ts'
import { didYouMeanAny, suggestAddresses } from '../../../model/addresses/suggest-address.ts'
import { findStatus, type Status, type StatusItem } from '../../../plan/status.ts'
import { type ResourceDocument, resourceDocument } from '../../../report/status/json.ts'
import { safeJson, safeLine } from '../../../report/writing/safe-text.ts'
import type { Context } from '../../context.ts'
import { Failure } from '../../failure.ts'
import type { FileFlags, RemoteFlags } from '../../flags/options.ts'
import { whileReading } from '../../output/progress.ts'
import { yamlText } from '../../output/yaml-text.ts'
import { withStatus } from '../status/run.ts'

/** Flags of `get`. */
export interface GetFlags extends FileFlags, RemoteFlags {
  readonly location?: readonly string[]
  readonly field?: string
  readonly format: 'yaml' | 'json'
}

// A collection of children is named with the gateway that it is in: wireguardgateways/hq/peers.
const collectionsOf = (isTop: boolean): ReadonlySet<string> =>
  new Set(KINDS.filter(({ parent }) => (parent === null) === isTop).map(({ collection }) => collection))
const TOP_COLLECTIONS = collectionsOf(true)
const CHILD_COLLECTIONS = collectionsOf(false)

/** `vpnctl get`: one resource as a document; a collection or a pattern as a list of documents. */
export async function run(context: Context, flags: GetFlags, [wanted]: readonly [string]): Promise<number> {
  return withStatus(context, flags, 'named', async (read) => {
    const status = await whileReading(context, read)
    const many = listed(status, wanted)
    const documents = (many ?? [onlyOne(status, wanted)]).map(resourceDocument)
    if (flags.field !== undefined) {
      for (const document of documents) context.out(`${fieldText(document, flags.field)}\n`)
      return 0
    }
    const shown = many === undefined ? documents[0] : documents
    context.out(flags.format === 'json' ? `${safeJson(shown, 2)}\n` : yamlText(shown))
    return 0
  })
}

// A pattern, or the name of a collection: `wireguardgateways`, `wireguardgateways/hq/peers`.
function listed(status: Status, wanted: string): readonly StatusItem[] | undefined {
  const steps = splitLocation(wanted).path.split('/')
  const collections = steps.length === 1 ? TOP_COLLECTIONS : CHILD_COLLECTIONS
  const isCollection = steps.length % 2 === 1 && collections.has(steps.at(-1) ?? '')
  if (!isCollection && !wanted.includes('*')) return undefined
  const isMeant = matchesAny([isCollection ? `${wanted}/*` : wanted])
  const found = status.locations
    .flatMap(({ items }) => items)
    .filter(({ address, live }) => isMeant(address, live.location))
    .filter(({ address }) => !isCollection || address.split('/').length === steps.length + 1)
  if (found.length === 0 && !isCollection) throw missing(status, wanted)
  // Empty is an answer only where the gateway exists.
  const gateway = wanted.slice(0, Math.max(0, wanted.lastIndexOf('/')))
  const isOfOne = isCollection && steps.length > 1 && !gateway.includes('*')
  if (isOfOne && findStatus(status, gateway).length === 0) throw missing(status, gateway)
  return found
}

function onlyOne(status: Status, wanted: string): StatusItem {
  const byAddress = findStatus(status, wanted)
  const found = byAddress.length > 0 ? byAddress : byName(status, wanted)
  const [only, another] = found
  if (only === undefined) throw missing(status, wanted)
  if (another === undefined) return only
  const choices = found.map(({ live, address }) => `${live.location}:${address} with id ${live.id}`)
  throw new Failure('error', `${wanted} means ${found.length} resources`, {
    hint: `name one by its id: ${choices.join(', ')}`,
  })
}

function byName({ locations }: Status, name: string): readonly StatusItem[] {
  return locations.flatMap(({ items }) => items.filter(({ live }) => live.name === name))
}

// A value alone on its line, for scripts.
function fieldText(document: ResourceDocument, field: string): string {
  const fields: Readonly<Record<string, unknown>> = {
    ...document.properties,
    ...document,
    ...document.fields,
  }
  const value = fields[field]
  if (value === undefined) {
    const known = Object.keys(fields).filter((name) => !['properties', 'fields', 'facts'].includes(name))
    throw new Failure('error', `${document.address} has no field ${JSON.stringify(field)}`, {
      hint: `fields: ${known.sort().join(', ')}`,
    })
  }
  return typeof value === 'object' ? safeJson(value) : safeLine(String(value))
}

function missing(status: Status, wanted: string): Failure {
  const live = status.locations.flatMap(({ location, items }) =>
    items.map(({ address }) => ({ address, location })),
  )
  const where = status.locations.map(({ location }) => location).join(', ')
  return new Failure(
    'error',
    `${wanted} is not live in ${where}${didYouMeanAny(suggestAddresses(wanted, live))}`,
    {
      hint: 'vpnctl status shows what is live; --location reads another location too',
    },
  )
}
