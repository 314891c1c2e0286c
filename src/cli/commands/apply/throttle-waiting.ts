import type { ApplyEvent } from '../../../apply/events.ts'

/** Lets every event pass but most of those that say that a wait goes on: of these, the first and one per `everyMs`. */
export function throttleWaiting(everyMs = 30_000): (event: ApplyEvent) => boolean {
  const reportedAt = new Map<string, number>()
  return (event) => {
    const { key } = event.change
    if (event.type !== 'waiting') {
      reportedAt.delete(key)
      return true
    }
    const last = reportedAt.get(key)
    if (last !== undefined && event.at - last < everyMs) return false
    reportedAt.set(key, event.at)
    return true
  }
}
