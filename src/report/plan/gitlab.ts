import type { Plan } from '../../plan/types.ts'

// The parser of GitLab takes numbers of up to six digits.
const MOST = 999_999

/** The report behind GitLab's merge request widget (`artifacts:reports:terraform`). Ends in a newline. */
export function renderPlanGitlab(plan: Plan): string {
  const { create, update, delete: remove } = plan.summary
  const counts = { create: atMost(create), update: atMost(update), delete: atMost(remove) }
  return `${JSON.stringify(counts)}\n`
}

function atMost(amount: number): number {
  return Math.min(amount, MOST)
}
