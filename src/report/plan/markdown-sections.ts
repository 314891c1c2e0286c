import { formatPath } from '../../model/json.ts'
import { dateText, userName } from '../../model/live-metadata.ts'
import type { FieldChange } from '../../plan/changes/field-change.ts'
import { type ChangeOf, isDisruptive, type Plan } from '../../plan/types.ts'
import { type Section, sizeOf } from '../writing/markdown-budget.ts'
import { folded, type MarkdownFlavor } from '../writing/markdown-parts.ts'
import { markdownCell, markdownCode, markdownPlace, markdownText } from '../writing/safe-markdown.ts'
import { count, historyOf, placeOf } from '../writing/words.ts'
import { type ActiveChange, activeChanges, type ShownAddress, shownAddresses } from './change-lines.ts'
import { isKept, leftCounts } from './verdict.ts'

// A table is an index: of more rows than this no one takes one.
const TABLE_ROWS = 30
// Deletions that do not all fit in full are shortened, so that all are listed.
const CAUTION_BYTES = 30_000
const SHORT_ADDRESS = 60

/** `### prod: 3 to create, 1 to update, 1 to **delete**, 1 unmanaged peer`. */
export function headlineText(plan: Plan): string {
  const { create, update, delete: remove } = plan.summary
  const disruptive = plan.changes.filter(isDisruptive)
  const [add, change, drop] =
    plan.between === undefined
      ? ['to create', 'to update', 'to **delete**']
      : ['added', 'changed', '**removed**']
  const parts = [
    ...(create === 0 ? [] : [`${create} ${add}`]),
    ...(update === 0 ? [] : [`${update} ${change}`]),
    ...(disruptive.length === 0 ? [] : [`${disruptive.length} **disruptive**`]),
    ...(remove === 0 ? [] : [`${remove} ${drop}`]),
    ...(create + update + remove > 0 ? [] : [plan.between === undefined ? 'no changes' : 'no differences']),
    ...unmanagedTexts(plan),
    ...(plan.refusals.length === 0 ? [] : ['**refused**']),
  ]
  return `### vpnctl ${plan.between === undefined ? 'plan' : 'diff'} · ${markdownCode(plan.stack)}: ${parts.join(', ')}`
}

function unmanagedTexts(plan: Plan): readonly string[] {
  const unmanaged = plan.changes.filter((change) => change.action === 'unmanaged' && !isKept(change))
  const [noun, ...others] = new Set(unmanaged.map((change) => change.target.kind.noun))
  if (noun === undefined || others.length > 0) return leftCounts(plan, 1)
  return [count(unmanaged.length, `unmanaged ${noun}`), ...leftCounts(plan, 1).slice(1)]
}

/** Every deletion by its address, in full, shorter, or shortest, as the number of them allows. */
export function cautionSection(
  deletes: readonly ChangeOf<'delete'>[],
  flavor: MarkdownFlavor,
  verb = 'Deletes',
): Section {
  const prefix = flavor === 'plain' ? '- ' : '> - '
  const lists = [
    deletes.map((change) => {
      const history = historyOf(change.live.metadata).map(markdownCode).join(', ')
      return `${prefix}${markdownCode(change.address)}${history === '' ? '' : ` (${history})`}`
    }),
    deletes.map((change) => `${prefix}${markdownCode(change.address)}`),
    deletes.map((change) => `${prefix}${markdownCode(shortened(change.address))}`),
  ]
  const fits = (list: readonly string[]): boolean =>
    list.reduce((sum, item) => sum + sizeOf(item) + 1, 0) <= CAUTION_BYTES
  const items = lists.find(fits) ?? lists.at(-1) ?? []
  const head = `**${verb} ${count(deletes.length, 'resource')}:**`
  return {
    priority: 1,
    items,
    render: (shown, left) =>
      [
        ...(flavor === 'plain' ? [`**CAUTION** ${head}\n`] : ['> [!CAUTION]', `> ${head}`, '>']),
        ...shown,
        ...(left === 0 ? [] : [`${prefix}… and ${left} more deletions; see the full plan`]),
      ].join('\n'),
  }
}

// The end of an address shows more than its beginning. Cut between characters, not inside of one.
function shortened(address: string): string {
  const characters = [...address]
  return characters.length <= SHORT_ADDRESS ? address : `…${characters.slice(1 - SHORT_ADDRESS).join('')}`
}

/** Unmanaged resources that are a way in, in the open. */
export function riskSection(unmanaged: readonly ChangeOf<'unmanaged'>[], flavor: MarkdownFlavor): Section {
  const prefix = flavor === 'plain' ? '- ' : '> - '
  const items = unmanaged.flatMap((change) => {
    if (change.risk === undefined) return []
    const history = historyOf(change.live.metadata).map(markdownCode).join(', ')
    const facts = history === '' ? '' : ` (${history})`
    return [`${prefix}${markdownCode(change.address)}: ${markdownText(change.risk)}${facts}`]
  })
  const head = `**Not in the files and urgent (${items.length}):**`
  return {
    priority: 2,
    items,
    render: (shown, left) =>
      [
        ...(flavor === 'plain' ? [`**WARNING** ${head}\n`] : ['> [!WARNING]', `> ${head}`, '>']),
        ...shown,
        ...(left === 0 ? [] : [`${prefix}… and ${left} more`]),
      ].join('\n'),
  }
}

/** One row for each change, with its place in the file. */
export function tableSection(
  plan: Plan,
  linkTo: ((file: string, line: number) => string | undefined) | undefined,
): Section {
  const active = activeChanges(plan)
  const shown = shownAddresses(plan)
  const items =
    active.length > TABLE_ROWS ? [] : active.map((change) => tableRow(change, plan, shown, linkTo))
  return {
    priority: 8,
    items,
    render: (rows, left) =>
      rows.length === 0
        ? ''
        : [
            '| | Resource | Change | Source |',
            '|:-:|---|---|---|',
            ...rows,
            ...(left === 0 ? [] : [`| | … ${left} more | | |`]),
          ].join('\n'),
  }
}

function tableRow(
  change: ActiveChange,
  plan: Plan,
  shown: ShownAddress,
  linkTo: ((file: string, line: number) => string | undefined) | undefined,
): string {
  const source = markdownPlace(placeOf(change), linkTo)
  const [sign, what] = changeWords(change, plan)
  const origin = change.origin === undefined ? '' : ` · ${ORIGINS[change.origin]}`
  return `| ${sign} | ${markdownCell(shown(change))} | ${what}${origin} | ${source} |`
}

const ORIGINS: Readonly<Record<NonNullable<ActiveChange['origin']>, string>> = {
  intent: 'intent',
  drift: '**drift**',
  conflict: '**conflict**',
  mixed: 'intent and **drift**',
  pending: 'pending',
}

function changeWords(change: ActiveChange, { between }: Plan): readonly [string, string] {
  switch (change.action) {
    case 'create':
      return ['➕', between === undefined ? 'create' : 'added']
    case 'delete':
      return ['➖', between === undefined ? '**delete**' : '**removed**']
    case 'update': {
      const isRekeyed = change.fields.some(
        (field) => field.type === 'secret' && field.change !== 'sent-along',
      )
      const fields = change.fields.filter((field) => field.type !== 'secret' || field.change !== 'sent-along')
      const words = fields.length === 0 ? 'sent again' : fields.map(fieldWords).join(', ')
      return [isRekeyed ? '🔑' : '✏️', change.disruptions.length === 0 ? words : `${words} (**disruptive**)`]
    }
    default:
      return change satisfies never
  }
}

function fieldWords(field: FieldChange): string {
  const path = markdownCell(formatPath(field.path))
  if (field.type === 'set') return `${path} +${field.added.length} −${field.removed.length}`
  return field.type === 'value' && field.after === undefined ? `${path} cleared` : path
}

/** What the plan leaves alone, folded. */
export function unmanagedSection(
  unmanaged: readonly ChangeOf<'unmanaged'>[],
  what: string,
  remark: string,
  flavor: MarkdownFlavor,
): Section {
  const title = `${what} (${unmanaged.length}), ${remark}`
  return {
    priority: 6,
    items: unmanaged.map((change) => {
      const { createdDate = '', createdBy = '' } = change.live.metadata
      const cells = [
        change.address,
        change.target.id,
        createdDate === '' ? '' : dateText(createdDate),
        userName(createdBy),
      ]
      return `| ${cells.map((cell) => (cell === '' ? '–' : markdownCell(cell))).join(' | ')} |`
    }),
    render: (rows, left) => {
      const table = [
        '| Resource | Id | Created | By |',
        '|---|---|---|---|',
        ...rows,
        ...(left === 0 ? [] : [`| … ${left} more | | | |`]),
      ].join('\n')
      return folded(flavor === 'plain' ? title : `⚠️ ${title}`, table, flavor, false)
    },
  }
}
