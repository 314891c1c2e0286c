import type { Diagnostic } from '../../model/diagnostic.ts'
import type { DesiredState } from '../../model/resource.ts'
import { userName } from '../../model/user-name.ts'
import { desiredKey } from '../../plan/saved/digest.ts'
import type { Moved } from '../../plan/saved/staleness.ts'
import { dateText } from '../writing/words.ts'

/** What moved since a plan was saved, one sentence for each, with who moved it as far as the API tells. */
export function movedDiagnostics(moved: readonly Moved[], desired: DesiredState): readonly Diagnostic[] {
  const places = new Map(desired.resources.map((resource) => [desiredKey(resource), resource.locate()]))
  return moved.map((found) => {
    const at = found.side === 'file' ? places.get(found.key) : undefined
    return {
      severity: 'error',
      code: 'VPN531',
      message: `${found.address} ${sentence(found)}`,
      address: found.address,
      ...(at === undefined ? {} : { at }),
    }
  })
}

function sentence({ side, how, by, at }: Moved): string {
  const who = `${by === undefined ? '' : ` by ${userName(by)}`}${at === undefined ? '' : ` on ${dateText(at)}`}`
  switch (side) {
    case 'file':
      return FILE[how]
    case 'live':
      return `${LIVE[how]}${who}`
    case 'plan':
      return PLAN[how]
    default:
      return side satisfies never
  }
}

const FILE: Readonly<Record<Moved['how'], string>> = {
  added: 'was added to the file',
  removed: 'was removed from the file',
  changed: 'is not the same in the file',
}

const LIVE: Readonly<Record<Moved['how'], string>> = {
  added: 'was created live',
  removed: 'is gone from live, or on its way out',
  changed: 'was changed live',
}

// Neither file nor live moved: a secret was not to hand when the plan was made, or a status is another one.
const PLAN: Readonly<Record<Moved['how'], string>> = {
  added: 'would be changed, which the saved plan did not know: a secret or a status is another one',
  removed: 'would not be changed any more: a secret or a status is another one',
  changed: 'would be changed in another way: a secret or a status is another one',
}
