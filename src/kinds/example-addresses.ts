import { getPath } from '../model/json.ts'
import { isGateway, notPublic } from './gateway-rules.ts'
import { hostFieldOf } from './host-fields.ts'
import { hostProblem } from './host-form.ts'
import { contains, type IpRange, parseIp, parseIps } from './ip.ts'
import type { Entry } from './rule.ts'

// RFC 5737 and RFC 3849: for documentation, routed nowhere.
const DOCUMENTATION = parseIps(['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32'])
// RFC 2606 and RFC 6761: names that never lead to a host on the internet.
const RESERVED_NAME = /(^|\.)(example(\.(com|net|org))?|test|invalid|localhost)\.?$/i

/** True for a range that is for documentation only. */
export function isDocumentation(range: IpRange): boolean {
  return DOCUMENTATION.some((documentation) => contains(documentation, range))
}

/** True for a state in which no public address and no host is a real one: an example, a test, a first try. */
export function isExampleState(entries: readonly Entry[]): boolean {
  return !entries.some((entry) => {
    const path = isGateway(entry) ? ['gatewayIP'] : hostFieldOf(entry)?.path
    const host = path === undefined ? undefined : getPath(entry.written, path)
    return typeof host === 'string' && isReal(host)
  })
}

function isReal(host: string): boolean {
  const range = parseIp(host)
  if (range !== undefined) return notPublic(host) === undefined && !isDocumentation(range)
  return hostProblem(host) === undefined && !RESERVED_NAME.test(host.trim())
}
