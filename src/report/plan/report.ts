import { optional } from '../../model/optional.ts'
import { planDigest } from '../../plan/saved/digest.ts'
import type { Change, Plan } from '../../plan/types.ts'
import { diagnosticRemark } from '../diagnostics/report.ts'
import { renderMarkdown } from '../formats/markdown.ts'
import type { Fact, MarkdownOptions, Remark, Report } from '../report.ts'
import { placeOf, reasonText } from '../writing/words.ts'
import { actionText } from './change-lines.ts'
import { planDocument } from './json.ts'
import { planSections } from './markdown.ts'
import { renderPlanText } from './text.ts'
import { terraformDocument } from './tfjson.ts'

/** What a plan would do, for every format. */
export function planReport(plan: Plan): Report {
  const { create, update, delete: remove } = plan.summary
  return {
    subject: 'plan',
    // Refusals and dangers before what is only worth knowing: code hosts show the first ten of each severity.
    remarks: [
      ...plan.refusals.map(diagnosticRemark),
      ...(plan.review?.differences ?? []).map(diagnosticRemark),
      ...plan.changes.flatMap((change) => changeRemark(change, plan)),
      ...plan.warnings.map(diagnosticRemark),
    ],
    facts: [...planFacts(plan), ...reviewFacts(plan)],
    text: (options) => renderPlanText(plan, options),
    document: () => planDocument(plan),
    sections: (options) => planSections(plan, options),
    counts: { create, update, delete: remove },
    terraform: () => terraformDocument(plan),
  }
}

// The names that users of such actions expect; paths of files are the caller's to add.
function planFacts(plan: Plan): readonly Fact[] {
  const { create, update, delete: remove, unmanaged } = plan.summary
  return [
    ['changes', String(create + update + remove > 0)],
    ['to_add', String(create)],
    ['to_change', String(update)],
    ['to_destroy', String(remove)],
    ['to_import', '0'],
    ['to_move', '0'],
    ['unmanaged', String(unmanaged)],
    ['refused', String(plan.refusals.length > 0)],
    ['plan_digest', planDigest(plan)],
  ]
}

function reviewFacts({ review }: Plan): readonly Fact[] {
  return review === undefined ? [] : [['reviewed', String(review.differences.length === 0)]]
}

function changeRemark(change: Change, plan: Plan): readonly Remark[] {
  const at = placeOf(change)
  const why = reasonText(change)
  const place = { address: change.address, ...optional({ at }) }
  switch (change.action) {
    case 'delete': {
      const message = `${change.address} ${actionText(change, plan)}: ${why}`
      return [{ severity: 'warning', code: 'delete', title: 'delete', message, ...place }]
    }
    case 'create': {
      const message = `${change.address} ${actionText(change, plan)}: ${why}`
      return [{ severity: 'notice', code: 'create', title: 'create', message, ...place }]
    }
    case 'update': {
      const isDisruptive = change.disruptions.length > 0
      return [
        {
          severity: isDisruptive ? 'warning' : 'notice',
          code: isDisruptive ? 'disruptive-update' : 'update',
          title: isDisruptive ? 'disruptive update' : 'update',
          message: `${change.address} ${actionText(change, plan)}: ${why}`,
          ...(isDisruptive ? { hint: change.disruptions.join('\n') } : {}),
          ...place,
        },
      ]
    }
    case 'unmanaged': {
      if (change.risk === undefined) return []
      const message = `${change.address} ${change.risk}: ${why}`
      return [
        { severity: 'warning', code: 'unmanaged', title: 'unmanaged', message, address: change.address },
      ]
    }
    case 'keep':
      return []
    default:
      return change satisfies never
  }
}

/** The plan as a comment for a pull request. */
export function renderPlanMarkdown(plan: Plan, options: MarkdownOptions = {}): string {
  return renderMarkdown(planReport(plan), options)
}
