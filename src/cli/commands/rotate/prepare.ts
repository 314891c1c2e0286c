import { join } from 'node:path'
import type { DesiredResource } from '../../../model/resource.ts'
import type { Secret } from '../../../model/secret.ts'
import { otherEndsOf } from '../../../peer-config/index.ts'
import { isKeyFor, newKeyFor, withNewKey } from '../../../peer-config/rotation.ts'
import { safeLine } from '../../../report/writing/safe-text.ts'
import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { readKeyIfAny } from '../../files/key-file.ts'
import { makeOwnFolder } from '../../files/make-folder.ts'
import { writeWholeFile } from '../../files/write-file.ts'
import { printNote } from '../../output/folded-note.ts'
import { shellWord } from '../../output/rerun-command.ts'
import { applyCommand } from '../apply/run.ts'
import type { OtherEndChoice } from '../peer-config/choice.ts'
import { completeInputs, inputOf } from '../peer-config/inputs.ts'
import { notWritten, type RenderedEnd, renderEnds } from '../peer-config/render-ends.ts'
import { type RotateFlags, type RotationTask, rotateCommandLine, USED_KEY } from './task.ts'

/** The first step: the new key and the configurations of the other ends, and nothing else. */
export async function prepare(context: Context, flags: RotateFlags, task: RotationTask): Promise<number> {
  const { rotation, resources, folder, keyFile } = task
  const [resource] = resources
  const before = await preparedKey(context, task)
  if (before === undefined) await checkLastRotation(context, flags, task)
  const key = before ?? newKeyFor(rotation, context.io.randomBytes)
  const ends = await otherEnds(context, flags, task, key)
  if (before === undefined) {
    await makeFolder(context, flags.outDir, folder)
    await writeWholeFile(context, keyFile, `${key.reveal()}\n`, { existing: 'refuse', access: 'owner-only' })
  }
  context.out(
    before === undefined
      ? `New key of ${safeLine(resource.address)}: ${safeLine(keyFile)}\n`
      : `The key of ${safeLine(resource.address)} was prepared before: ${safeLine(keyFile)}\n`,
  )
  for (const { name, text } of ends) {
    const file = join(folder, name)
    await writeWholeFile(context, file, text, { access: 'owner-only' })
    context.out(`Configuration of the other end: ${safeLine(file)}\n`)
  }
  printNote(context, `\n${nextSteps(flags, task, ends.length)}`)
  return exitCode('ok')
}

/** The key that an earlier first step made; undefined where there is none. */
export async function preparedKey(
  context: Context,
  { rotation, keyFile }: RotationTask,
): Promise<Secret | undefined> {
  const key = await readKeyIfAny(context, keyFile)
  if (key === undefined || isKeyFor(rotation, key)) return key
  throw new Failure('error', `${keyFile} has no key in it`, { hint: 'remove it, and prepare again' })
}

// A third key in the folder would leave the switched one, which the next apply sends, without configurations.
async function checkLastRotation(context: Context, flags: RotateFlags, task: RotationTask): Promise<void> {
  const { resources, folder } = task
  const file = join(folder, USED_KEY)
  if ((await readKeyIfAny(context, file)) === undefined) return
  const [{ address }] = resources
  throw new Failure('refused', `${file} is the new key of the last rotation of ${address}`, {
    hint: `apply it, if it is not live yet (${applyCommand(flags, [address])}${resendHint(flags, task)}); when all other ends have it, remove ${folder} and rotate again`,
  })
}

/** What sends a key that no plan can compare, where an apply after the switch has sent the old one. */
export function resendHint(flags: RotateFlags, { rotation, resources }: RotationTask): string {
  if (rotation.type !== 'shared') return ''
  const [{ address }] = resources
  return `; if an apply has sent the old one since: ${applyCommand(flags, [address])} --resend-secrets ${shellWord(address)}`
}

async function otherEnds(
  context: Context,
  flags: RotateFlags,
  { desired, rotation, resources }: RotationTask,
  key: Secret,
): Promise<readonly RenderedEnd[]> {
  const children = desired.resources.filter(
    (child) =>
      child.ensure === 'present' &&
      child.canary === undefined &&
      (resources.includes(child) || (child.parent !== null && resources.includes(child.parent))),
  )
  const choices = children.flatMap(choiceOf)
  const known = choices.map((choice) => ({
    choice,
    input: withNewKey(inputOf(desired, choice), rotation, key),
  }))
  const inputs = await completeInputs(context, desired, known, flags)
  const renewed = inputs.map((input) => withNewKey(input, rotation, key))
  const { ends, refused } = renderEnds(context, choices, renewed)
  if (refused.length === 0) return ends
  throw notWritten(refused)
}

function choiceOf(child: DesiredResource): readonly OtherEndChoice[] {
  const [format] = otherEndsOf(child.kind)
  return format === undefined || child.parent === null ? [] : [{ gateway: child.parent, child, format }]
}

// New keys must not be committed by accident.
async function makeFolder(context: Context, outDir: string, folder: string): Promise<void> {
  if (await makeOwnFolder(context, outDir)) await writeWholeFile(context, join(outDir, '.gitignore'), '*\n')
  await makeOwnFolder(context, folder)
}

function nextSteps(
  flags: RotateFlags,
  { word, rotation, resources, keyFile }: RotationTask,
  ends: number,
): string {
  const [resource, ...others] = resources
  const reference = rotation.type === 'device' ? undefined : rotation.secret.reference
  const variable = reference?.from === 'env' ? safeLine(reference.name) : undefined
  const steps = [
    `Hand out ${ends === 1 ? 'the configuration' : `the ${ends} configurations`}${rotation.type === 'gateway' ? '' : `, which ${ends === 1 ? 'contains' : 'contain'} the key`}. Until the switch the old key is in use; ${
      ends === 1 ? 'the other end' : 'each other end'
    } changes right after the switch is applied.`,
    ...(variable === undefined
      ? []
      : [`Set ${variable} to the new key here: export ${variable}="$(cat ${safeLine(shellWord(keyFile))})"`]),
    safeLine(`${rotateCommandLine(flags, word)} --switch`),
    ...(variable === undefined
      ? []
      : [
          rotation.type === 'gateway'
            ? `Set ${variable} to the new key in the secret store of the pipeline: the next plan and apply there send it. No file changes, so start the pipeline by hand.`
            : `Set ${variable} to the new key in the secret store of the pipeline just before the switch is merged or applied: an earlier run could send it.`,
        ]),
  ]
  const also =
    others.length === 0
      ? ''
      : `The same key is used by ${others.map(({ address }) => safeLine(address)).join(', ')}; they switch together.\n`
  return [
    `Nothing has changed yet; ${safeLine(resource.name)} uses the old key. Next:\n`,
    ...steps.map((step, index) => `  ${index + 1}. ${step}\n`),
    also,
  ]
    .join('')
    .trimEnd()
}
