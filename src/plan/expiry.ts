import { withinTargets } from '../model/address-pattern.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { optional } from '../model/optional.ts'
import type { DesiredResource, DesiredState } from '../model/resource.ts'
import type { DisplayAddress } from './match/display-address.ts'
import type { Expiring, PlanOptions } from './types.ts'

const NOTICE_DAYS = 14
const DAY_MS = 24 * 60 * 60 * 1000

/** True once the last day, in UTC, is over. `asOf` is RFC 3339 in UTC. */
export function isExpired({ expires }: Pick<DesiredResource, 'expires'>, asOf: string | undefined): boolean {
  return expires !== undefined && asOf !== undefined && expires < asOf.slice(0, 10)
}

/** The state as it is meant at a point in time: what has expired is to be absent, with everything below it. */
export function stateAt(desired: DesiredState, asOf: string | undefined): DesiredState {
  if (!desired.resources.some((resource) => isExpired(resource, asOf))) return desired
  const copies = new Map<DesiredResource, DesiredResource>()
  for (const resource of desired.resources) {
    const parent = resource.parent === null ? null : (copies.get(resource.parent) ?? resource.parent)
    const isGone = isExpired(resource, asOf) || (parent !== null && isExpired(parent, asOf))
    copies.set(resource, isGone ? { ...resource, parent, ensure: 'absent' } : withParent(resource, parent))
  }
  return { ...desired, resources: [...copies.values()] }
}

function withParent(resource: DesiredResource, parent: DesiredResource | null): DesiredResource {
  return resource.parent === parent ? resource : { ...resource, parent }
}

/** Days from a point in time to a day, `YYYY-MM-DD`: 0 on that day, below 0 after it. */
export function daysUntil(day: string, asOf: string): number {
  return Math.round((Date.parse(day) - Date.parse(asOf.slice(0, 10))) / DAY_MS)
}

/** What expires within 14 days, the first to expire first. */
export function expiringSoon(
  { resources }: DesiredState,
  { asOf, targets }: Pick<PlanOptions, 'asOf' | 'targets'>,
  display: DisplayAddress,
): readonly Expiring[] {
  if (asOf === undefined) return []
  const isTarget = withinTargets(targets)
  return resources
    .flatMap(({ address, location, expires, ensure }): Expiring[] => {
      if (expires === undefined || ensure === 'absent' || !isTarget(address, location)) return []
      const days = daysUntil(expires, asOf)
      return days >= 0 && days <= NOTICE_DAYS
        ? [{ address: display(address, location), location, expires, days }]
        : []
    })
    .sort((a, b) => a.days - b.days)
}

/** True when the plan depends on the time of the run. */
export function usesDates({ expires, secrets }: DesiredResource): boolean {
  return expires !== undefined || secrets.some(({ rotatedAt }) => rotatedAt !== undefined)
}

/** Dates of the files that cannot be used: one in the future, or any without a date to compare it with. */
export function dateFindings({ resources }: DesiredState, asOf: string | undefined): readonly Diagnostic[] {
  const dated = resources.filter(usesDates)
  if (asOf === undefined) return dated.slice(0, 1).map(undated)
  return dated.flatMap((resource) =>
    resource.secrets.flatMap(({ path, rotatedAt }): Diagnostic[] => {
      if (rotatedAt === undefined || Date.parse(rotatedAt) <= Date.parse(asOf)) return []
      const field = resource.kind.secrets.find((secret) => secret.path.join() === path.join())?.rotatedAt
      const at = resource.locate(field)
      return [
        {
          severity: 'error',
          code: 'VPN543',
          message: `rotatedAt of ${resource.address} is in the future: ${rotatedAt}`,
          hint: `write the time at which the key was replaced; now it is ${asOf}`,
          address: resource.address,
          ...optional({ at }),
        },
      ]
    }),
  )
}

function undated({ address }: DesiredResource): Diagnostic {
  return {
    severity: 'error',
    code: 'VPN544',
    message: `the files use dates (${address}), and this plan was made without one`,
    hint: 'give the planner the time of the run: asOf, or clock where it reads live itself',
    address,
  }
}
