import type { Diagnostic, SourceRange } from '../../model/diagnostic.ts'
import type { DesiredResource } from '../../model/resource.ts'
import type { Change, Plan } from '../../plan/types.ts'

/** Another name for a file, for instance from the root of the repository. */
export type FileName = (file: string) => string

/** Diagnostics whose files have other names. */
export function relocateDiagnostics(
  diagnostics: readonly Diagnostic[],
  name: FileName,
): readonly Diagnostic[] {
  const moved = (at: SourceRange): SourceRange => ({ ...at, file: name(at.file) })
  return diagnostics.map((diagnostic) => ({
    ...diagnostic,
    ...(diagnostic.at === undefined ? {} : { at: moved(diagnostic.at) }),
    ...(diagnostic.related === undefined
      ? {}
      : { related: diagnostic.related.map((place) => ({ ...place, at: moved(place.at) })) }),
  }))
}

/** A plan whose places have other names of files. */
export function relocatePlan(plan: Plan, name: FileName): Plan {
  return {
    ...plan,
    changes: plan.changes.map((change): Change => {
      if (change.action === 'unmanaged' || change.desired === undefined) return change
      return { ...change, desired: relocateDesired(change.desired, name) }
    }),
    warnings: relocateDiagnostics(plan.warnings, name),
    refusals: relocateDiagnostics(plan.refusals, name),
  }
}

function relocateDesired(desired: DesiredResource, name: FileName): DesiredResource {
  return {
    ...desired,
    locate: (path, part) => {
      const at = desired.locate(path, part)
      return at === undefined ? undefined : { ...at, file: name(at.file) }
    },
  }
}
