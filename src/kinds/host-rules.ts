import { getPath } from '../model/json.ts'
import { isDocumentation, isExampleState } from './example-addresses.ts'
import { isGateway, notPublic } from './gateway-rules.ts'
import { hostFieldOf } from './host-fields.ts'
import { type HostProblem, hostProblem } from './host-form.ts'
import { holdsAddress, parseIp } from './ip.ts'
import { type Entry, type Finding, perEntry, type Rule, writtenText } from './rule.ts'
import { lanAddresses } from './written-networks.ts'

const CODES: Readonly<Record<HostProblem['type'], Pick<Finding, 'severity' | 'code'>>> = {
  ipv6: { severity: 'error', code: 'VPN330' },
  none: { severity: 'error', code: 'VPN331' },
  doubtful: { severity: 'warning', code: 'VPN332' },
}

interface WrittenHost {
  readonly text: string
  readonly path: readonly string[]
  readonly withoutPort: (host: string, port: string) => string
}

function hostOf(entry: Entry): WrittenHost | undefined {
  const field = entry.resource.ensure === 'absent' ? undefined : hostFieldOf(entry)
  const text = field === undefined ? undefined : getPath(entry.written, field.path)
  // The schema has said that an empty text is none.
  return field === undefined || typeof text !== 'string' || text === '' ? undefined : { ...field, text }
}

const hostsAreHosts = perEntry(function* (entry) {
  const host = hostOf(entry)
  const problem = host === undefined ? undefined : hostProblem(host.text)
  if (host === undefined || problem === undefined) return
  // A URL may contain a password: the value itself is in the frame only.
  const shown = problem.type === 'ipv6' ? `${host.text} ` : ''
  yield {
    ...CODES[problem.type],
    message: `${host.path.at(-1)} ${shown}${problem.message}`,
    hint:
      problem.port === undefined ? problem.hint : host.withoutPort(problem.port.host, problem.port.number),
    on: entry,
    path: host.path,
  }
})

const hostsAreReachable = perEntry(function* (entry) {
  const host = hostOf(entry)
  const range = host === undefined ? undefined : parseIp(host.text)
  // What is not an IPv4 address is judged by its form.
  if (host === undefined || range === undefined || range.family === 6 || host.text.includes('/')) return
  const what = notPublic(host.text)
  const isInLan =
    entry.parent !== null && lanAddresses(entry.parent).some((lan) => holdsAddress(lan.range, range))
  if (what === undefined || isInLan) return
  yield {
    severity: 'warning',
    code: 'VPN329',
    message: `${host.path.join('.')} ${host.text} is ${what}`,
    hint: 'use the public address or the host name of the other end',
    on: entry,
    path: host.path,
  }
})

// In an example every address is one for documentation; next to real ones it is left over from an example.
const noExamplesAmongReal: Rule = function* (entries) {
  if (isExampleState(entries)) return
  for (const entry of entries) {
    const host = hostOf(entry)
    const address = host === undefined ? undefined : parseIp(host.text)
    if (host !== undefined && address !== undefined && isDocumentation(address)) {
      yield {
        severity: 'warning',
        code: 'VPN329',
        message: `${host.path.join('.')} ${host.text} is an address for documentation`,
        hint: 'use the public address or the host name of the other end',
        on: entry,
        path: host.path,
      }
    }
    const gatewayIP = isGateway(entry) ? writtenText(entry, 'gatewayIP') : undefined
    const range = gatewayIP === undefined ? undefined : parseIp(gatewayIP)
    if (range === undefined || !isDocumentation(range)) continue
    yield {
      severity: 'warning',
      code: 'VPN341',
      message: `gatewayIP ${gatewayIP} is an address for documentation`,
      hint: 'use an address of an IP block that is reserved in the location of the data center',
      on: entry,
      path: ['gatewayIP'],
    }
  }
}

const notTheGateway = perEntry(function* (entry) {
  const host = hostOf(entry)
  const { parent } = entry
  if (host === undefined || parent === null) return
  if (getPath(entry.resource.spec, host.path) !== parent.resource.spec.gatewayIP) return
  yield {
    severity: 'warning',
    code: 'VPN380',
    message: `${host.path.join('.')} ${host.text} is the gateway itself`,
    hint: 'write the address of the other end',
    on: entry,
    path: host.path,
    related: [{ on: parent, path: ['gatewayIP'], message: "the gateway's address" }],
  }
})

/** Rules for every field that names a host. */
export const hostRules: readonly Rule[] = [
  hostsAreHosts,
  hostsAreReachable,
  noExamplesAmongReal,
  notTheGateway,
]
