import { conciseTexts, type Networks, subtract, union } from '../../access/networks.ts'
import { type NameOf, type Reach, throughText } from '../../access/reach.ts'
import type { Selection } from '../../access/select.ts'
import { displayWidth } from '../writing/display-width.ts'
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

/** The answer as a table, one line per sender and receiver, and what is not reached. Ends in a newline. */
export function renderAccess(answer: AccessAnswer, style: Style): string {
  const { reached, nameOf } = answer
  const rows = reached.map((reach, index) => {
    const before = reached[index - 1]
    const isRepeated = before?.from === reach.from && before.sources === reach.sources
    return [
      isRepeated ? '' : labelOf(reach.from, nameOf),
      isRepeated ? '' : listed(reach.sources),
      listed(reach.destinations),
      labelOf(reach.to, nameOf),
      safeLine(throughText(reach.through, nameOf)),
    ]
  })
  const lines = rows.length === 0 ? [] : columns([HEAD, ...rows])
  const [head = '', ...body] = lines
  const verdict = verdictOf(answer).flatMap((line) =>
    wrapWords(line, style.width ?? Number.POSITIVE_INFINITY, '  '),
  )
  return [...(lines.length === 0 ? [] : [style.heading(head), ...body]), ...verdict]
    .map((line) => `${line}\n`)
    .join('')
}

function labelOf(endpoint: Reach['from'], nameOf: NameOf): string {
  const name = safeLine(nameOf(endpoint))
  return endpoint.unmanaged ? `${name} (unmanaged)` : name
}

function listed(networks: Networks): string {
  return conciseTexts(networks).join(', ')
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
  return left.length === 0 ? [] : [`Not reached: ${listed(left)}`]
}

/** Of a network that was asked about, what nobody in the answer reaches. */
export function unreachedOf({ reached, to }: Pick<AccessAnswer, 'reached' | 'to'>): Networks {
  if (to.isPattern || to.text === '-' || to.text === '*') return []
  return subtract(to.networks, union(reached.flatMap(({ destinations }) => destinations)))
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))))
  return rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - displayWidth(cell)))
      .join(GAP)
      .trimEnd(),
  )
}
