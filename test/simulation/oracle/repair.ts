import { hasFingerprint, stackFingerprint } from '../../../src/model/identity.ts'
import { differences, type WantedResource, wantedIn } from '../files.ts'
import type { Snapshot } from '../service.ts'
import type { Happened, History } from '../simulate.ts'
import type { Notes } from './judge.ts'
import { unreadLocations } from './seen.ts'

/** What a last run of each stack, without faults and alone, has to bring about. */
export function judgeRepair(history: History, notes: Notes): void {
  const { otherRepair, repair } = history
  if (otherRepair !== undefined) hasConverged(history, otherRepair, notes)
  if (hasConverged(history, repair, notes)) judgeState(history, notes)
}

function hasConverged({ scenario }: History, { end, actor, machine }: Happened, notes: Notes): boolean {
  if (end === undefined) return false
  // Other locations get few seconds: what a rate limit hid from the plan, the verification may find.
  const unread = unreadLocations(machine, 0, Number.POSITIVE_INFINITY)
  if (end.exit === 9 && scenario.others.some((location) => unread.has(location))) return false
  const fault = `${actor.name} ends with ${end.exit}: ${end.reasons[0]}`
  notes.judge('a run without faults converges', end.exit === 0 ? undefined : fault)
  return end.exit === 0
}

function judgeState({ service, repair: { file } }: History, notes: Notes): void {
  const owner = stackFingerprint(file.stack ?? '')
  const live = service.everything()
  const counterparts = new Map<WantedResource, Snapshot>()
  for (const wanted of wantedIn(file)) {
    const parentId = wanted.parent === null ? undefined : counterparts.get(wanted.parent)?.id
    const same = live.filter(
      (each) =>
        each.kind === wanted.kind &&
        each.location === wanted.location &&
        each.parentId === parentId &&
        each.properties.name === wanted.name &&
        (hasFingerprint(each.id, owner) || each.id === wanted.id),
    )
    const [only] = same
    notes.judge(
      'nothing owned is doubled',
      same.length <= 1 ? undefined : `${wanted.address} is there ${same.length} times`,
    )
    if (only === undefined) {
      notes.judge('a run without faults converges', `${wanted.address} is not there`)
      continue
    }
    counterparts.set(wanted, only)
    const fields = differences(wanted, only.properties)
    if (fields.length > 0)
      notes.judge('a run without faults converges', `${fields.join(', ')} of ${wanted.address} differ`)
    // A write to a child may have put its gateway back to work.
    if (only.status === 'FAILED' || only.status === 'DESTROYING')
      notes.judge('a run without faults converges', `${wanted.address} is ${only.status}`)
  }
}
