import type { History } from '../simulate.ts'
import { judgeEnds } from './ends.ts'
import type { Broken, Judgement, Law } from './laws.ts'
import { judgeRepair } from './repair.ts'
import { judgeSaved } from './saved.ts'
import { judgeScope } from './scope.ts'
import { judgeWrites } from './writes.ts'

/** Notes which laws were reached, and which are broken. */
export class Notes {
  readonly broken: Broken[] = []
  readonly reached = new Set<Law>()

  /** Notes that a law had something to judge, and what breaks it. */
  judge(law: Law, fault: string | undefined): void {
    this.reached.add(law)
    if (fault !== undefined) this.broken.push({ law, what: fault })
  }
}

/** What is wrong with a history. Knows the files, the service and the answers; nothing of the planner. */
export function judge(history: History): Judgement {
  const notes = new Notes()
  notes.judge('every run ends', history.isOver ? undefined : 'a run never ended')
  const { runs, otherRepair, repair } = history
  for (const run of [...runs, ...(otherRepair === undefined ? [] : [otherRepair]), repair]) {
    judgeWrites(history, run, notes)
    judgeScope(history, run, notes)
    judgeSaved(history, run, notes)
    judgeEnds(history, run, notes)
  }
  if (history.isOver) judgeRepair(history, notes)
  return notes
}
