import type { Diagnostic } from '../../model/diagnostic.ts'
import { firstOf } from '../../model/lists.ts'
import { optional } from '../../model/optional.ts'
import { parentKey } from '../order/needs.ts'
import type { Change } from '../types.ts'

/** The code of the finding below. */
export const STILL_DECLARED = 'VPN545'

/** Deletions of a targeted destroy that the files undo: the next apply creates the resources again. */
export function stillDeclaredFindings(changes: readonly Change[]): readonly Diagnostic[] {
  const declared = changes
    .filter((change) => change.action === 'delete')
    .filter(({ desired }) => desired?.ensure === 'present')
  const keys = new Set(declared.map(({ key }) => key))
  const tops = declared.filter(({ target }) => !keys.has(parentKey(target) ?? ''))
  const [first] = tops
  if (first === undefined) return []
  const at = first.desired?.locate(['name'])
  return [
    {
      severity: 'warning',
      code: STILL_DECLARED,
      message: `the files still contain ${firstOf(tops.map(({ address }) => address))}: the next apply creates ${tops.length === 1 ? 'it' : 'them'} again`,
      hint: `to keep ${tops.length === 1 ? 'it' : 'them'} deleted, remove ${tops.length === 1 ? 'it' : 'them'} from the files, or write "ensure: absent" there`,
      address: first.address,
      ...optional({ at }),
    },
  ]
}
