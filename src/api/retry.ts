const FIRST_BACKOFF_MS = 200
const LONGEST_BACKOFF_MS = 20_000

/** Exponential backoff with full jitter: many clients that failed together must not come back together. */
export function backoffMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 1))
  return Math.round(random() * ceiling)
}

/** How many retries the whole run may still spend. */
export interface RetryBudget {
  /** False when nothing is left. */
  spend(): boolean
  earn(): void
}

const FIRST_BUDGET = 100
const EARNED_BY_AN_ANSWER = 0.25

/**
 * A service that answers nothing is not asked eight times by each of a thousand requests: the run starts with 100
 * retries and earns one with every four good answers.
 */
export function createRetryBudget(): RetryBudget {
  let left = FIRST_BUDGET
  return {
    spend() {
      if (left < 1) return false
      left -= 1
      return true
    },
    earn() {
      left = Math.min(FIRST_BUDGET * 10, left + EARNED_BY_AN_ANSWER)
    },
  }
}
