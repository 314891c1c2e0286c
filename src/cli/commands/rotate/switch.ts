import { rename } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import type { DesiredResource } from '../../../model/resource.ts'
import type { Secret } from '../../../model/secret.ts'
import { publicHalf, type Rotation } from '../../../peer-config/rotation.ts'
import { safeLine } from '../../../report/writing/safe-text.ts'
import type { EntryEdit } from '../../../rewrite/entry-edits.ts'
import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { type Draft, draftEdits, writeDraft } from '../../files/edit-files.ts'
import { entryPlace } from '../../files/find-resource.ts'
import { readKeyIfAny } from '../../files/key-file.ts'
import { writeWholeFile } from '../../files/write-file.ts'
import { printNote } from '../../output/folded-note.ts'
import { shellWord } from '../../output/rerun-command.ts'
import { requireTerminal } from '../apply/confirm.ts'
import { applyCommand, applyEdited } from '../apply/run.ts'
import { preparedKey, resendHint } from './prepare.ts'
import { folderOf, type RotateFlags, type RotationTask, rotateCommandLine, USED_KEY } from './task.ts'

/** The second step: the prepared key comes into use. Each part may be done already, by a run that was cut off. */
export async function switchKeys(context: Context, flags: RotateFlags, task: RotationTask): Promise<number> {
  const { rotation, resources } = task
  const key = task.given === undefined ? await preparedKey(context, task) : undefined
  if (key === undefined && task.given === undefined) throw await nothingPrepared(context, flags, task)
  checkVariable(task, key)
  if (flags.apply === true && flags.yes !== true) requireTerminal(context, 'use --yes')
  const edits = resources.flatMap((each) => editsOf(context, each, rotation, task.given, key))
  const draft = edits.length === 0 ? undefined : await draftEdits(context, flags, edits, task.warnings)
  if (key !== undefined) await writeReference(context, task, key)
  if (draft !== undefined) await writeDraft(context, draft)
  if (key !== undefined) await markUsed(context, task)
  if (flags.apply !== true) {
    printNote(
      context,
      `\n${nothingLiveYet(task, draft, key !== undefined, applyCommand(flags, addressesOf(resources)))}`,
    )
    return exitCode('ok')
  }
  return applySwitch(context, flags, task, key !== undefined)
}

async function nothingPrepared(context: Context, flags: RotateFlags, task: RotationTask): Promise<Failure> {
  const { word, resources, folder } = task
  const [{ address }] = resources
  const rotate = rotateCommandLine(flags, word)
  const used = await readKeyIfAny(context, join(folder, USED_KEY))
  return new Failure(
    'usage',
    used === undefined
      ? `no new key of ${address} is prepared in ${folder}`
      : `the key of ${address} in ${folder} is switched already`,
    {
      hint:
        used === undefined
          ? `prepare one: ${rotate}`
          : `to apply it: ${applyCommand(flags, [address])}${resendHint(flags, task)}; for another new key: rm -r ${shellWord(folder)}, then ${rotate}`,
    },
  )
}

// A variable that has another value would send the old key once more, and note it as the new one.
function checkVariable({ rotation, keyFile }: RotationTask, key: Secret | undefined): void {
  if (rotation.type === 'device' || rotation.secret.reference.from !== 'env' || key === undefined) return
  const { reference, value } = rotation.secret
  if (value !== null && key.equals(value)) return
  const state = value === null ? 'is not set here' : 'does not have the new key yet'
  throw new Failure('invalid', `${reference.name} ${state}; nothing was changed`, {
    hint: `set it to the new key here first: export ${reference.name}="$(cat ${shellWord(keyFile)})"`,
  })
}

function editsOf(
  { io }: Context,
  resource: DesiredResource,
  rotation: Rotation,
  given: string | undefined,
  key: Secret | undefined,
): readonly EntryEdit[] {
  const at = entryPlace(resource)
  switch (rotation.type) {
    case 'gateway':
      return []
    case 'shared': {
      const now = `${new Date(io.clock.now()).toISOString().slice(0, 19)}Z`
      return [{ type: 'set', at, path: rotation.rotatedAt.map(String), value: now }]
    }
    case 'device': {
      const value = given ?? (key === undefined ? undefined : publicHalf(key))
      return resource.spec[rotation.field] === value || value === undefined
        ? []
        : [{ type: 'set', at, path: [rotation.field], value }]
    }
    default:
      return rotation satisfies never
  }
}

// The old key stays next to the new one: it is the way back while the other ends have not changed.
async function writeReference(context: Context, task: RotationTask, key: Secret): Promise<void> {
  const { rotation, resources, folder } = task
  if (rotation.type === 'device' || rotation.secret.reference.from !== 'file') return
  const { reference, value } = rotation.secret
  if (value !== null && key.equals(value)) return
  const file = relative(context.io.cwd, resolve(folderOf(context, resources[0]), reference.path))
  if (value !== null)
    await writeWholeFile(context, join(folder, 'old.key'), `${value.reveal()}\n`, { access: 'owner-only' })
  await writeWholeFile(context, file, `${key.reveal()}\n`, { access: 'owner-only' })
  const old = value === null ? 'there was no old one' : `the old one in ${safeLine(join(folder, 'old.key'))}`
  printNote(context, `The new key is in ${safeLine(file)}, ${old}.`)
}

async function markUsed({ io }: Context, { folder, keyFile }: RotationTask): Promise<void> {
  await rename(resolve(io.cwd, keyFile), resolve(io.cwd, folder, USED_KEY))
}

function nothingLiveYet(
  { rotation, resources, folder }: RotationTask,
  draft: Draft | undefined,
  isPrepared: boolean,
  apply: string,
): string {
  const [{ address }] = resources
  const review =
    draft === undefined
      ? rotation.type === 'gateway' && rotation.secret.reference.from === 'env'
        ? 'No file changes: apply sees the new key by its public half.'
        : `No file of the desired state changes, and the next apply that includes ${address} sends the new key.`
      : `Review and merge the change: the next apply sends the new key${rotation.type === 'shared' ? '; its plan says "rotated, sent again"' : ''}.`
  return [
    `Nothing is live yet. ${review}\n`,
    `To apply here: ${apply}\n`,
    isPrepared
      ? `Then change every other end at once: ${safeLine(folder)} has the configuration of each, and the key, now ${USED_KEY}. Remove that folder when everything works${keepText(rotation)}.\n`
      : `Then ${safeLine(address)} uses its new key.\n`,
  ]
    .join('')
    .trimEnd()
}

// The folder may be the only place that has it.
function keepText(rotation: Rotation): string {
  if (rotation.type === 'device' || rotation.secret.reference.from !== 'env') return ''
  return ` and the key is stored where ${safeLine(rotation.secret.reference.name)} comes from`
}

async function applySwitch(
  context: Context,
  flags: RotateFlags,
  { rotation, resources, folder }: RotationTask,
  isPrepared: boolean,
): Promise<number> {
  const code = await applyEdited(context, flags, addressesOf(resources), 'have the new key already')
  if (code === exitCode('ok') && isPrepared)
    printNote(
      context,
      `Now change every other end: its configuration is in ${safeLine(folder)}, with the key, now ${USED_KEY}. Remove that folder when everything works${keepText(rotation)}.`,
    )
  return code
}

function addressesOf(resources: RotationTask['resources']): readonly string[] {
  return resources.map(({ address }) => address)
}
