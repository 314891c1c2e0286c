import { planDigest } from '../../plan/saved/digest.ts'
import type { Plan } from '../../plan/types.ts'

/** A value that a later step of a pipeline can use. */
export type Output = readonly [name: string, value: string]

/** The facts of a plan under the names that users of such actions expect. Paths of files are the caller's to add. */
export function planOutputs(plan: Plan): readonly Output[] {
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

/**
 * Text to append to `$GITHUB_OUTPUT`. `delimiter` must be one that nobody can guess, or a value could end early
 * and set others.
 */
export function renderGithubOutput(outputs: readonly Output[], delimiter: string): string {
  return outputs
    .map(([name, value]) =>
      /[\r\n]/.test(value) ? `${name}<<${delimiter}\n${value}\n${delimiter}\n` : `${name}=${value}\n`,
    )
    .join('')
}

/** A file for GitLab's `artifacts:reports:dotenv`: `VPNCTL_TO_ADD=1`. Values with line breaks cannot be in it. */
export function renderDotenv(outputs: readonly Output[]): string {
  return outputs
    .filter(([, value]) => !/[\r\n]/.test(value))
    .map(([name, value]) => `VPNCTL_${name.toUpperCase().replace(/[^A-Z0-9_]/g, '_')}=${value}\n`)
    .join('')
}
