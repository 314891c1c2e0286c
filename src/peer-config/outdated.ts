import { located } from '../model/address.ts'
import { canonicalJson, type FieldPath, getPath, type Plain } from '../model/json.ts'
import type { DesiredResource, DesiredState } from '../model/resource.ts'
import { describeReference } from '../model/secret.ts'

/** The children whose other end has another configuration than before: new ones, and those that a change reaches. */
export function outdatedEnds(before: DesiredState, now: DesiredState): readonly DesiredResource[] {
  const known = new Map(before.resources.map((resource) => [located(resource), resource]))
  return now.resources.filter((child) => {
    if (child.parent === null || child.ensure === 'absent') return false
    return [child, child.parent].some((resource) => {
      const earlier = known.get(located(resource))
      return earlier === undefined || earlier.ensure === 'absent' || differs(earlier, resource)
    })
  })
}

function differs(before: DesiredResource, now: DesiredResource): boolean {
  const paths = now.kind.disruptive.flatMap(({ path, otherEnd }) => (otherEnd === true ? [path] : []))
  return paths.some((path) => comparable(before, path) !== comparable(now, path))
}

// A secret by its reference: the value of the base is not known.
function comparable({ spec, secrets }: DesiredResource, path: FieldPath): string | undefined {
  const secret = secrets.find((each) => canonicalJson([...each.path]) === canonicalJson([...path]))
  if (secret !== undefined) return describeReference(secret.reference)
  const value = getPath(spec, path)
  return value === undefined ? undefined : canonicalJson(value as Plain)
}
