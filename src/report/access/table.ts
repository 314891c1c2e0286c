import { conciseList } from '../../access/network-texts.ts'
import { type Networks, subtract, union } from '../../access/networks.ts'
import { type NameOf, type Reach, throughText } from '../../access/reach.ts'
import type { Selection } from '../../access/select.ts'
import { displayWidth, padded } from '../writing/display-width.ts'
import { safeLine } from '../writing/safe-text.ts'
import type { Style } from '../writing/style.ts'
import { wrapWords } from '../writing/wrap.ts'

/** A question about access with its answer. */
export interface AccessAnswer {
  readonly stack: string
  readonly source: 'files' | 'live'
  /** The files, or `live`, as people name them. */
  readonly where: string
  readonly from: Selection
  readonly to: Selection
  readonly reached: readonly Reach[]
  readonly nameOf: NameOf
}

const HEAD = ['FROM', 'ADDRESSES', 'REACHES', 'AT', 'THROUGH'] as const
const GAP = '  '
// The columns with lists of networks, and the width of the longest IPv4 network with its comma.
const FOLDED = [1, 2]
const LEAST = 19

/** The answer as a table, one line per sender and receiver, and what is not reached. Ends in a newline. */
export function renderAccess(answer: AccessAnswer, style: Style): string {
  const { reached, nameOf } = answer
  const rows = reached.map((reach, index) => {
    const before = reached[index - 1]
    const isRepeated = before?.from === reach.from && before.sources === reach.sources
    return [
      isRepeated ? '' : labelOf(reach.from, nameOf),
      isRepeated ? '' : conciseList(reach.sources),
      conciseList(reach.destinations),
      labelOf(reach.to, nameOf),
      safeLine(throughText(reach.through, nameOf)),
    ]
  })
  const lines = rows.length === 0 ? [] : columns([HEAD, ...rows], style.width)
  const [head = '', ...body] = lines
  const verdict = verdictOf(answer).flatMap((line) => wrapWords(line, style.width, '  '))
  return [...(lines.length === 0 ? [] : [style.heading(head), ...body]), ...verdict]
    .map((line) => `${line}\n`)
    .join('')
}

function labelOf(endpoint: Reach['from'], nameOf: NameOf): string {
  const name = safeLine(nameOf(endpoint))
  return endpoint.unmanaged ? `${name} (unmanaged)` : name
}

function verdictOf({ reached, from, to, where }: AccessAnswer): readonly string[] {
  const sender =
    from.text === '-' || from.text === '*' ? `nothing in ${safeLine(where)}` : safeLine(from.text)
  const receiver = to.text === '-' || to.text === '*' ? 'anything' : safeLine(to.text)
  if (reached.length === 0)
    return [
      sender.startsWith('nothing')
        ? `No access: ${sender} reaches ${receiver}.`
        : `No access: ${sender} does not reach ${receiver} in ${safeLine(where)}.`,
    ]
  const left = unreachedOf({ reached, to })
  return left.length === 0 ? [] : [`Not reached: ${conciseList(left)}`]
}

/** Of a network that was asked about, what nobody in the answer reaches. */
export function unreachedOf({ reached, to }: Pick<AccessAnswer, 'reached' | 'to'>): Networks {
  if (to.isPattern || to.text === '-' || to.text === '*') return []
  return subtract(to.networks, union(reached.flatMap(({ destinations }) => destinations)))
}

/** A row for each list of cells; lists of networks are folded where a row is wider than the terminal. */
function columns(rows: readonly (readonly string[])[], width: number): readonly string[] {
  const widths = fittingWidths(rows, width)
  return rows.flatMap((row) => {
    const cells = row.map((cell, column) => wrapWords(cell, widths[column] ?? 0))
    const height = Math.max(...cells.map((lines) => lines.length))
    return Array.from({ length: height }, (_, at) =>
      cells
        .map((lines, column) => padded(lines[at] ?? '', widths[column] ?? 0))
        .join(GAP)
        .trimEnd(),
    )
  })
}

function fittingWidths(rows: readonly (readonly string[])[], width: number): readonly number[] {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))))
  const gaps = GAP.length * (HEAD.length - 1)
  for (let over = widths.reduce((sum, each) => sum + each, gaps - width); over > 0; over -= 1) {
    const [widest = 0] = FOLDED.toSorted((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))
    if ((widths[widest] ?? 0) <= LEAST) break
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return widths
}
