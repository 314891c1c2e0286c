import type { Change, Plan } from '../../plan/types.ts'
import {
  type Annotation,
  diagnosticAnnotation,
  placeOfRange,
  renderAnnotations,
} from '../diagnostics/github.ts'
import { placeOf, reasonText } from '../writing/words.ts'

/** The changes as annotations at the lines of the YAML, dangers first, with warnings and refusals. */
export function renderPlanGithub(plan: Plan): string {
  const changes = plan.changes.flatMap(changeAnnotation)
  const warnings = changes.filter((annotation) => annotation.kind === 'warning')
  const notices = changes.filter((annotation) => annotation.kind === 'notice')
  return renderAnnotations([
    ...plan.refusals.map(diagnosticAnnotation),
    ...warnings,
    ...plan.warnings.map(diagnosticAnnotation),
    ...notices,
  ])
}

function changeAnnotation(change: Change): readonly Annotation[] {
  const range = placeOf(change)
  const at = range === undefined ? undefined : placeOfRange(range)
  const why = reasonText(change.reason)
  switch (change.action) {
    case 'delete':
      return [
        { kind: 'warning', title: 'delete', message: `${change.address} will be destroyed: ${why}`, at },
      ]
    case 'create':
      return [{ kind: 'notice', title: 'create', message: `${change.address} will be created: ${why}`, at }]
    case 'update': {
      const effects = change.disruptions.map((effect) => `\n${effect}`).join('')
      const kind = change.disruptions.length === 0 ? 'notice' : 'warning'
      const message = `${change.address} will be updated in-place: ${why}${effects}`
      return [{ kind, title: kind === 'warning' ? 'disruptive update' : 'update', message, at }]
    }
    case 'unmanaged':
      return change.alarm === undefined
        ? []
        : [{ kind: 'warning', title: 'not managed', message: `${change.address} ${change.alarm}: ${why}` }]
    case 'keep':
      return []
    default:
      return change satisfies never
  }
}
