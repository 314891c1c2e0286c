import { kindsUnder } from '../../src/kinds/index.ts'
import { claimedPaths } from '../../src/model/claims.ts'
import type { AdministratorActor } from './scenario.ts'
import { pathOfNamed, type Service, type Snapshot } from './service.ts'

/** Who acts at the portal. */
const ADMINISTRATOR = '00000000-0000-4000-8000-0000000ad317'

/** Does one thing at the portal; what the service refuses is not done. Says what it was, for the trace. */
export function administer(service: Service, actor: AdministratorActor): string {
  const all = service.everything().filter(({ status }) => status !== 'DESTROYING')
  const pickFrom = (from: readonly Snapshot[]): Snapshot | undefined =>
    from[Math.floor(actor.pick * from.length)]
  const write = (method: string, target: Snapshot, properties?: Snapshot['properties']): number =>
    service.handle({
      user: ADMINISTRATOR,
      method,
      path: pathOfNamed(namedBy(target, method === 'POST' ? undefined : target.id)),
      body: properties === undefined ? undefined : JSON.stringify({ id: target.id, properties }),
    }).status
  const chosen = pickFrom(all)
  if (chosen === undefined) return 'finds nothing'
  const reported = (what: string, status: number): string =>
    `${what} ${chosen.kind.noun} ${String(chosen.properties.name)} (${chosen.id}): ${status}`
  const { properties } = chosen
  switch (actor.act) {
    case 'edit':
      return reported('edits', write('PUT', chosen, { ...properties, description: `edited at ${actor.at}` }))
    case 'rename':
      return reported(
        'renames',
        write('PUT', chosen, { ...properties, name: `${String(properties.name)}-renamed` }),
      )
    case 'delete':
      return reported('deletes', write('DELETE', chosen))
    case 'delete-first': {
      // What comes first in a list: those behind it move to earlier pages.
      const first =
        all.find(({ parentId }) => parentId !== undefined && parentId === chosen.parentId) ?? chosen
      write('DELETE', first)
      return `deletes ${first.kind.noun} ${String(first.properties.name)} (${first.id})`
    }
    case 'replace': {
      write('DELETE', chosen)
      return reported('replaces', write('POST', chosen, properties))
    }
    case 'swap-keys': {
      const peers = all.filter(
        ({ kind, parentId }) =>
          claimedPaths(kind.claims, 'siblings').length > 0 && parentId === chosen.parentId,
      )
      const [one, other] = peers
      if (one === undefined || other === undefined) return 'finds no two peers'
      const key = (of: Snapshot) => ({ publicKey: of.properties.publicKey })
      write('PUT', one, { ...one.properties, ...key(other) })
      return reported('swaps keys near', write('PUT', other, { ...other.properties, ...key(one) }))
    }
    case 'add': {
      const parents = all.filter(({ kind }) => kindsUnder(kind).length > 0)
      const siblings = all.filter(({ parentId }) => parentId !== undefined)
      const pattern = pickFrom(siblings)
      if (parents.length === 0 || pattern === undefined) return 'finds no gateway'
      const added = {
        ...pattern.properties,
        name: `portal-${actor.at}`,
        // Nothing that the file has as well, which would be an error of the file.
        ...(pattern.properties.publicKey === undefined
          ? { remoteHost: `portal-${actor.at}.example.com` }
          : { publicKey: portalKey(actor.at), allowedIPs: [`10.200.${actor.at % 250}.1/32`] }),
      }
      return reported('adds a sibling of', write('POST', pattern, added))
    }
    default:
      return actor.act satisfies never
  }
}

function namedBy({ location, kind, parentId }: Snapshot, id: string | undefined) {
  return { location, kind, parentIds: parentId === undefined ? [] : [parentId], id }
}

function portalKey(number: number): string {
  const bytes = Buffer.alloc(32, 0x77)
  bytes.writeUInt32BE(number >>> 0, 4)
  return bytes.toString('base64')
}
