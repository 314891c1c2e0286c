import type { AccessChange, AccessEnd } from '../../access/lines.ts'
import { conciseTexts } from '../../access/network-texts.ts'
import { networksOf } from '../../access/networks.ts'
import { safeLine } from '../writing/safe-text.ts'

/** `plan`: what will change. `drift`: what live has and the files do not, or the other way round. */
export type AccessView = 'plan' | 'drift'

const NAMES_SHOWN = 3
const NETWORKS_SHOWN = 5

/** A change of access as a sentence: `anna-laptop gains 10.20.0.0/16 (office, through hq)`. */
export function accessSentence(change: AccessChange, view: AccessView): string {
  const { type, from, sources, networks, at, instead = [], through } = change
  const to = list(conciseTexts(networksOf(networks)), NETWORKS_SHOWN)
  const isMutual = from.length > 1 && isSameList(from, at)
  const what = isMutual ? `each other's networks ${to}` : to
  const where = `(${isMutual ? '' : `${names(at)}, `}through ${through.map(({ name }) => safeLine(name)).join(', then ')})`
  const origin =
    sources === undefined ? '' : ` from ${list(conciseTexts(networksOf(sources)), NETWORKS_SHOWN)}`
  const who = `${names(from)}${origin}`
  const one = from.length === 1
  switch (type) {
    case 'gain':
      return view === 'plan'
        ? `${who} ${one ? 'gains' : 'gain'} ${what} ${where}`
        : `${who} ${one ? 'reaches' : 'reach'} ${what} ${where}, not in the files`
    case 'loss':
      return view === 'plan'
        ? `${who} ${one ? 'loses' : 'lose'} ${what} ${where}`
        : `${who} ${one ? 'does' : 'do'} not reach ${what} ${where}, unlike in the files`
    case 'moved':
      return `packets from ${names(from)}${sources === undefined ? '' : ` (${list(conciseTexts(networksOf(sources)), NETWORKS_SHOWN)})`} to ${to} ${view === 'plan' ? 'will go' : 'go'} to ${names(at)} and not to ${names(instead)} (through ${through.map(({ name }) => safeLine(name)).join(', then ')})`
    case 'unreached':
      return view === 'plan'
        ? `nobody in the VPN reaches ${to} any more ${where}`
        : `nobody in the VPN reaches ${to} ${where}, unlike in the files`
    case 'unmanaged':
      return `${who}: unmanaged, ${one ? 'reaches' : 'reach'} ${what} ${where}`
    default:
      return type satisfies never
  }
}

function isSameList(one: readonly AccessEnd[], other: readonly AccessEnd[]): boolean {
  return one.length === other.length && one.every(({ name }, index) => name === other[index]?.name)
}

function names(ends: readonly AccessEnd[]): string {
  return list(
    ends.map(({ name }) => safeLine(name)),
    NAMES_SHOWN,
  )
}

function list(texts: readonly string[], most: number): string {
  const shown = texts.length > most + 1 ? texts.slice(0, most) : texts
  const rest = texts.length - shown.length
  return rest === 0 ? shown.join(', ') : `${shown.join(', ')} and ${rest} more`
}

// A first apply of a large estate has a line per gateway.
const LINES_SHOWN = 15

/** The section of a report for people, with its heading; none where nothing changes. */
export function accessSection(
  changes: readonly AccessChange[] = [],
  view: AccessView,
  verbose = false,
): readonly string[] {
  if (changes.length === 0) return []
  const shown = verbose ? changes : changes.slice(0, LINES_SHOWN)
  const rest = changes.length - shown.length
  return [
    accessTitle(view),
    ...shown.map((change) => `  ${accessSentence(change, view)}`),
    ...(rest === 0 ? [] : [`  and ${rest} more (--verbose shows all)`]),
  ]
}

/** The heading of the section. */
export function accessTitle(view: AccessView): string {
  return view === 'plan' ? 'Access' : 'Access (live, compared with the files)'
}
