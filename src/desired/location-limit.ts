import { canonicalLocation } from '../kinds/locations.ts'
import type { Entry } from '../kinds/rule.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { optional } from '../model/optional.ts'

/** Whether the `locations` list of the files, if there is one, allows a location. */
export function isAllowed(location: string, limit: readonly string[] | undefined): boolean {
  return limit === undefined || limit.map(canonicalLocation).includes(canonicalLocation(location))
}

/** Gateways in a location that the `locations` list leaves out: they would be created again in every run. */
export function outsideLimit(
  entries: readonly Entry[],
  limit: readonly string[] | undefined,
): readonly Diagnostic[] {
  return entries
    .filter(({ parent, resource }) => parent === null && !isAllowed(resource.location, limit))
    .map(({ resource }): Diagnostic => {
      const at = resource.locate(['location']) ?? resource.locate(['name'])
      const what = `${resource.kind.title} ${JSON.stringify(resource.name)}`
      return {
        severity: 'error',
        code: 'VPN352',
        message: `the ${what} is in ${resource.location}, and "locations" leaves it out`,
        hint: `add ${resource.location} to "locations", or correct the location of the gateway`,
        ...optional({ at }),
      }
    })
}
