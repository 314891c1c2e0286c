import { isDeepStrictEqual } from 'node:util'
import { claimedValues } from '../../../model/claims.ts'
import { derivingStack, ownedBy } from '../../../model/identity.ts'
import type { PlainObject } from '../../../model/json.ts'
import type { DesiredResource, DesiredState, LiveResource } from '../../../model/resource.ts'
import { liveAddresses } from '../../../plan/match/live-address.ts'
import { match } from '../../../plan/match/match.ts'
import { deletionProtection } from '../../../plan/safety/deletion-guard.ts'
import { safeLine } from '../../../report/writing/safe-text.ts'
import type { EntryEdit } from '../../../rewrite/entry-edits.ts'
import { resourceRules } from '../../../rewrite/layout-rules.ts'
import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { loadDesired } from '../../files/desired.ts'
import { draftEdits, writeDraft } from '../../files/edit-files.ts'
import { entryPlace, findResource, named, oneOf } from '../../files/find-resource.ts'
import { printNote } from '../../output/folded-note.ts'
import { sameInputs, shellWord } from '../../output/rerun-command.ts'
import { readLocations } from '../../session/read-live.ts'
import { requireTerminal } from '../apply/confirm.ts'
import { type ApplyFlags, applyCommand, applyEdited } from '../apply/run.ts'

/** Flags of `revoke`. */
export interface RevokeFlags extends ApplyFlags {
  readonly apply?: boolean
}

/** `vpnctl revoke`. */
export async function run(context: Context, flags: RevokeFlags, [word]: readonly [string]): Promise<number> {
  const { desired, warnings, sources } = await loadDesired(context, flags, 'ignore')
  if (flags.apply === true && named(desired.resources, word).length === 0)
    return revokeLive(context, flags, desired, word)
  const resource = findResource(desired, word, { absent: liveHint(flags, word) })
  if (resource.parent === null) {
    throw new Failure('usage', `${resource.address} is a gateway; revoke takes a peer or a tunnel`, {
      hint: 'to delete a gateway, remove it from the files and apply, or use: vpnctl destroy --target',
    })
  }
  // The entry takes its protection along when it is removed, so the plan would not see it.
  const refusal = deletionProtection(resource, desired)
  if (refusal !== undefined) {
    throw new Failure('refused', 'nothing was changed', { diagnostics: [refusal], sources })
  }
  // The question comes after the files are written: where no one can answer it, nothing is written.
  if (flags.apply === true && flags.yes !== true) requireTerminal(context, 'use --yes')
  await writeDraft(context, await draftEdits(context, flags, [editOf(resource)], warnings))
  for (const { address } of sameKey(desired.resources, resource)) {
    printNote(context, `warning: the same key is in the files as ${safeLine(address)} too; revoke it as well`)
  }
  if (flags.apply !== true) {
    printNote(
      context,
      `\nLive was not read. If ${safeLine(resource.name)} is live, it has access until this is applied: ${applyCommand(flags, [resource.address])}`,
    )
    return exitCode('ok')
  }
  return deleteLive(context, flags, desired, { ...resource, adopted: resource.id !== undefined })
}

// A run that did not end, or one without --apply, has edited the files already.
async function revokeLive(
  context: Context,
  flags: RevokeFlags,
  desired: DesiredState,
  word: string,
): Promise<number> {
  const live = await readLocations(context, flags, desired.locations)
  const addressOf = liveAddresses(match(desired, live))
  const isOwned = ownedBy(desired.stack)
  const owned = live.resources.filter(({ id, parentIds }) => parentIds.length > 0 && isOwned(id))
  const found = named(
    owned.map((resource) => ({ ...resource, address: addressOf(resource) })),
    word,
  )
  const unmanaged = deleteCommand(flags, word.includes('/') ? word : 'ADDRESS')
  const only = oneOf(found, word, `neither the files nor live have a resource of this stack "${word}"`, {
    hint: `it may be revoked already; if vpnctl status shows it as unmanaged, delete it with: ${unmanaged}; if another stack owns it, revoke it in the files of that stack`,
  })
  if (flags.yes !== true) requireTerminal(context, 'use --yes')
  return deleteLive(context, flags, desired, { ...only, adopted: false })
}

/** What is revoked, as the files or live have it. */
type Revoked = Pick<DesiredResource, 'kind' | 'name' | 'address' | 'spec'> & { readonly adopted: boolean }

async function deleteLive(
  context: Context,
  flags: RevokeFlags,
  desired: DesiredState,
  resource: Revoked,
): Promise<number> {
  const { address } = resource
  const finish = safeLine(revokeCommand(flags, address))
  const code = await applyEdited(
    context,
    flags,
    [address],
    'are edited already; to undo that, take back the difference above',
    finish,
  )
  return code === exitCode('ok') ? confirmGone(context, desired, resource, flags) : code
}

// It is in no file, so there is nothing to edit; a plan with this target deletes nothing else.
function liveHint(flags: RevokeFlags, word: string): string {
  const address = word.includes('/') ? word : 'ADDRESS'
  const own = revokeCommand(flags, word)
  const unmanaged = deleteCommand(flags, address)
  return `if it is live (vpnctl status shows its owner), delete it: of this stack with ${own}, unmanaged with ${unmanaged}, of another stack in the files of that stack`
}

function revokeCommand(flags: RevokeFlags, word: string): string {
  return `vpnctl revoke ${shellWord(word)} --apply${sameInputs(flags)}`
}

function deleteCommand(flags: RevokeFlags, address: string): string {
  return `vpnctl apply --prune all${sameInputs(flags)} --target ${shellWord(address)}`
}

// An entry that was adopted by its id is not owned: without the entry it would be unmanaged, and stay.
function editOf(resource: DesiredResource): EntryEdit {
  const at = entryPlace(resource)
  return resource.id === undefined
    ? { type: 'remove', at }
    : { type: 'set', at, path: ['ensure'], value: 'absent', order: resourceRules(resource.kind).order }
}

function sameKey<T extends Pick<DesiredResource, 'kind' | 'spec'>>(
  others: readonly T[],
  resource: Pick<DesiredResource, 'kind' | 'spec'>,
): readonly T[] {
  const { kind, spec } = resource
  const keyOf = (from: PlainObject) => claimedValues(kind.claims, 'siblings', from)
  if (keyOf(spec).length === 0) return []
  return others.filter(
    (other) =>
      other.kind === kind &&
      other !== (resource as unknown) &&
      isDeepStrictEqual(keyOf(other.spec), keyOf(spec)),
  )
}

// Everywhere in the locations of the files: the key may be on another gateway, or in no one's file.
async function confirmGone(
  context: Context,
  desired: DesiredState,
  resource: Revoked,
  flags: RevokeFlags,
): Promise<number> {
  const live = await readLocations(context, flags, desired.locations)
  const left = sameKey<LiveResource>(live.resources, resource)
  if (left.length === 0) {
    const rest = resource.adopted ? ' Its entry with "ensure: absent" may be removed from the files.' : ''
    printNote(context, `Revoked: nothing live has the key of ${safeLine(resource.name)}.${rest}`)
    return exitCode('ok')
  }
  const matching = match(desired, live)
  const addressOf = liveAddresses(matching)
  const nextStep = (each: LiveResource, address: string): string => {
    if (matching.byLive.has(each)) return `To delete it: ${revokeCommand(flags, address)}`
    // No flag of this stack deletes it: the next apply of its own stack would create it again.
    const isOthers = !matching.isOwned(each) && derivingStack(each.id) !== undefined
    return isOthers
      ? 'Another stack owns it: revoke it in the files of that stack'
      : `To delete it: ${deleteCommand(flags, address)}`
  }
  for (const each of left) {
    const address = addressOf(each)
    const note =
      each.status === 'DESTROYING'
        ? `${address} is still being deleted. To see whether it is gone: ${revokeCommand(flags, resource.address)}`
        : `${address} has the same key and is still live (id ${each.id}). ${nextStep(each, address)}`
    printNote(context, safeLine(`warning: ${note}`))
  }
  return exitCode('notConverged')
}
