import type { AccessChange, AccessEnd } from '../../access/lines.ts'
import { conciseTexts, joinNetworks } from '../../access/network-texts.ts'
import { networksOf } from '../../access/networks.ts'
import { safeLine } from '../writing/safe-text.ts'

/** `plan`: what will change. `drift`: what live has and the files do not, or the other way round. */
export type AccessView = 'plan' | 'drift'

const NAMES_SHOWN = 3
const NETWORKS_SHOWN = 5

/** A change of access as a sentence: `anna-laptop gains 10.20.0.0/16 (office, through hq)`. */
export function accessSentence(change: AccessChange, view: AccessView): string {
  const { type, from, sources, networks, at, instead = [] } = change
  const origin = sources === undefined ? '' : ` from ${networkList(sources)}`
  const isMutual = from.length > 1 && from.every(({ name }) => at.some((end) => end.name === name))
  const senders = isMutual ? ends(from.map((end) => withNetworks(end, at))) : names(from)
  const who = `${senders}${origin}`
  const { what, where } = delivery(change, isMutual)
  const one = from.length === 1
  switch (type) {
    case 'gain':
      return view === 'plan'
        ? `${who} ${one ? 'gains' : 'gain'} ${what}${where}`
        : `${who} ${one ? 'reaches' : 'reach'} ${what}${where}, not in the files`
    case 'loss':
      return view === 'plan'
        ? `${who} ${one ? 'loses' : 'lose'} ${what}${where}`
        : `${who} ${one ? 'does' : 'do'} not reach ${what}${where}, unlike in the files`
    case 'moved':
      return `packets from ${names(from)}${sources === undefined ? '' : ` (${networkList(sources)})`} to ${networkList(networks)} ${view === 'plan' ? 'will go' : 'go'} to ${names(at)} and not to ${names(instead)} (${throughNames(change)})`
    case 'unreached':
      return view === 'plan'
        ? `nobody in the VPN will still reach ${what}${where}`
        : `nobody in the VPN reaches ${what}${where}, unlike in the files`
    case 'unmanaged':
      // What the stack owns and --prune none keeps is listed too.
      return `${who}: not in the files, ${one ? 'reaches' : 'reach'} ${what}${where}`
    default:
      return type satisfies never
  }
}

// One receiver is named behind its networks, each of several with its own. In a list of adjacent networks no one sees
// where one ends, and whose it is.
function delivery(
  change: AccessChange,
  isMutual: boolean,
): { readonly what: string; readonly where: string } {
  const { from, networks, at } = change
  const [only] = at
  if (only !== undefined && at.length === 1)
    return { what: networkList(networks), where: ` (${safeLine(only.name)}, ${throughNames(change)})` }
  const others = isMutual ? at.filter(({ name }) => !from.some((end) => end.name === name)) : at
  const theirs = ends(others.map((end) => `${networkList(end.networks)} (${safeLine(end.name)})`))
  const what = isMutual ? `each other's networks${others.length === 0 ? '' : ` and ${theirs}`}` : theirs
  return { what, where: `, ${throughNames(change)}` }
}

function withNetworks({ name }: AccessEnd, at: AccessChange['at']): string {
  const networks = at.find((end) => end.name === name)?.networks ?? []
  return `${safeLine(name)} (${networkList(networks)})`
}

function throughNames({ through }: AccessChange): string {
  return `through ${through.map(({ name }) => safeLine(name)).join(', then ')}`
}

function networkList(texts: readonly string[]): string {
  const concise = conciseTexts(networksOf(texts))
  const shown = firstOf(concise, NETWORKS_SHOWN)
  const rest = concise.length - shown.length
  return withRest(joinNetworks(shown, rest > 0), rest)
}

function names(of: readonly AccessEnd[]): string {
  return ends(of.map(({ name }) => safeLine(name)))
}

function ends(texts: readonly string[]): string {
  const shown = firstOf(texts, NAMES_SHOWN)
  return withRest(shown.join(', '), texts.length - shown.length)
}

function firstOf(texts: readonly string[], most: number): readonly string[] {
  return texts.length > most + 1 ? texts.slice(0, most) : texts
}

function withRest(list: string, rest: number): string {
  return rest === 0 ? list : `${list} and ${rest} more`
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
