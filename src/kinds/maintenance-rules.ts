import { isPlainObject } from '../model/json.ts'
import { isGateway } from './gateway-rules.ts'
import { type Entry, type Finding, type Rule, writtenText } from './rule.ts'
import { texts } from './texts.ts'
import { connectionsOf, lanKey } from './written-networks.ts'

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const WEEK_SECONDS = 7 * 24 * 3600
const WINDOW_SECONDS = 4 * 3600

const windowsApart: Rule = function* (entries) {
  const gateways = entries.filter((entry) => isGateway(entry) && entry.resource.ensure === 'present')
  const available = gateways.filter((entry) => writtenText(entry, 'tier')?.endsWith('_HA') === true)
  const [first, ...rest] = available
  const isAll = first !== undefined && rest.length > 0 && overlap(available)
  if (isAll) {
    yield finding(
      'VPN349',
      `the maintenance windows of all ${available.length} highly available gateways overlap`,
      rest.at(-1) ?? first,
      first,
    )
  }
  const reported = new Set(isAll ? available : [])
  for (const [one, other] of pairsOf(gateways)) {
    if ((reported.has(one) && reported.has(other)) || !overlap([one, other])) continue
    const [name, otherName] = [one, other].map(({ resource }) => JSON.stringify(resource.name))
    yield finding(
      'VPN384',
      `the maintenance windows of ${name} and ${otherName}, which are backups of each other, overlap`,
      other,
      one,
    )
  }
}

function finding(code: string, message: string, on: Entry, first: Entry): Finding {
  return {
    severity: 'warning',
    code,
    message,
    hint: 'move one of them: a window lasts four hours',
    on,
    path: ['maintenanceWindow'],
    related: [{ on: first, path: ['maintenanceWindow'], message: 'at the same time' }],
  }
}

// Gateways of one sort in one LAN that lead to the same place. More than a few in one LAN are not compared.
const MOST_COMPARED = 10

function* pairsOf(gateways: readonly Entry[]): Iterable<readonly [Entry, Entry]> {
  const neighbours = new Map<string, Entry[]>()
  for (const gateway of gateways) {
    const [connection] = connectionsOf(gateway)
    const lan = connection === undefined ? undefined : lanKey(connection)
    if (lan === undefined) continue
    const key = `${gateway.resource.kind.name} ${lan}`
    const earlier = neighbours.get(key) ?? []
    for (const other of earlier) if (leadTogether(other, gateway)) yield [other, gateway]
    if (earlier.length < MOST_COMPARED) neighbours.set(key, [...earlier, gateway])
  }
}

function leadTogether(one: Entry, other: Entry): boolean {
  const own = new Set(one.children.flatMap(otherEnds))
  return other.children.flatMap(otherEnds).some((end) => own.has(end))
}

// A peer is known by its key, a site behind a tunnel by its networks.
function otherEnds(child: Entry): readonly string[] {
  const { publicKey, peerNetworkCIDRs } = child.resource.spec
  if (typeof publicKey === 'string') return [publicKey]
  return texts(peerNetworkCIDRs).filter((text) => !text.endsWith('/0'))
}

// Each window against the first, across the end of the week; all hold one moment when they lie close enough.
function overlap(gateways: readonly Entry[]): boolean {
  const starts = gateways.map(windowStart)
  const [start] = starts
  if (start === undefined) return false
  const offsets = starts.map((other) => (other === undefined ? Number.NaN : weekOffset(other - start)))
  return Math.max(...offsets) - Math.min(...offsets) < WINDOW_SECONDS
}

function windowStart(entry: Entry): number | undefined {
  const window = entry.written.maintenanceWindow
  if (!isPlainObject(window) || typeof window.time !== 'string') return undefined
  const day = DAYS.indexOf(String(window.dayOfTheWeek))
  const [hours = Number.NaN, minutes = 0, seconds = 0] = window.time.split(':').map(Number)
  return day === -1 ? undefined : ((day * 24 + hours) * 60 + minutes) * 60 + seconds
}

function weekOffset(difference: number): number {
  const positive = ((difference % WEEK_SECONDS) + WEEK_SECONDS) % WEEK_SECONDS
  return positive > WEEK_SECONDS / 2 ? positive - WEEK_SECONDS : positive
}

/** Rules for the maintenance windows of gateways. */
export const maintenanceRules: readonly Rule[] = [windowsApart]
