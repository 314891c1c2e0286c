import { join } from 'node:path'
import type { DesiredResource } from '../../../model/resource.ts'
import { Secret } from '../../../model/secret.ts'
import { fileName, interfaceName, type OtherEndInput, otherEndsOf } from '../../../peer-config/index.ts'
import { isKeyFor, newKeyFor, withNewKey } from '../../../peer-config/rotation.ts'
import { safeLine } from '../../../report/writing/safe-text.ts'
import { count } from '../../../report/writing/words.ts'
import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { readKeyIfAny } from '../../files/key-file.ts'
import { makeOwnFolder } from '../../files/make-folder.ts'
import { writeWholeFile } from '../../files/write-file.ts'
import { printNote } from '../../output/folded-note.ts'
import type { OtherEndChoice } from '../peer-config/choice.ts'
import { completeInputs, inputOf } from '../peer-config/inputs.ts'
import type { RotateFlags, RotationTask } from './task.ts'

/** The first step: the new key and the configurations of the other ends, and nothing else. */
export async function prepare(context: Context, flags: RotateFlags, task: RotationTask): Promise<number> {
  const { rotation, resources, folder, keyFile } = task
  const [resource] = resources
  const before = await preparedKey(context, task)
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
  printNote(context, `\n${nextSteps(task, ends.length)}`)
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

interface WrittenEnd {
  readonly name: string
  readonly text: string
}

async function otherEnds(
  context: Context,
  flags: RotateFlags,
  { desired, rotation, resources }: RotationTask,
  key: Secret,
): Promise<readonly WrittenEnd[]> {
  const children = desired.resources.filter(
    (child) =>
      child.ensure === 'present' &&
      (resources.includes(child) || (child.parent !== null && resources.includes(child.parent))),
  )
  const choices = children.flatMap(choiceOf)
  const known = choices.map((choice) => ({
    choice,
    input: withNewKey(inputOf(desired, choice), rotation, key),
  }))
  const inputs = await completeInputs(context, desired, known, flags)
  const refused: string[] = []
  const names = new Map<string, number>()
  const ends = choices.flatMap((choice, index): readonly WrittenEnd[] => {
    const input = withNewKey(inputs[index] as OtherEndInput, rotation, key)
    const end = choice.format.render(input)
    if (end.type === 'refused') {
      refused.push(`${choice.gateway.name}/${choice.child.name}: ${end.faults.join('; ')}`)
      return []
    }
    for (const note of end.notes) printNote(context, `note: ${safeLine(`${choice.child.name}: ${note}`)}`)
    const text = end.parts.map((part) => (part instanceof Secret ? part.reveal() : part)).join('')
    return [{ name: `${nameOf(choice, names)}.conf`, text }]
  })
  if (refused.length === 0) return ends
  throw new Failure('error', `${count(refused.length, 'end')} cannot be written: ${refused.join('. ')}`)
}

function choiceOf(child: DesiredResource): readonly OtherEndChoice[] {
  const [format] = otherEndsOf(child.kind)
  return format === undefined || child.parent === null ? [] : [{ gateway: child.parent, child, format }]
}

// Two names may become one when they are made fit for a file; the later gets a number.
function nameOf({ child, format }: OtherEndChoice, seen: Map<string, number>): string {
  const name = format.secret === 'given' ? interfaceName(child.name) : fileName(child.name)
  const times = (seen.get(name.toLowerCase()) ?? 0) + 1
  seen.set(name.toLowerCase(), times)
  return times === 1 ? name : `${name}-${times}`
}

// New keys must not be committed by accident.
async function makeFolder(context: Context, outDir: string, folder: string): Promise<void> {
  if (await makeOwnFolder(context, outDir)) await writeWholeFile(context, join(outDir, '.gitignore'), '*\n')
  await makeOwnFolder(context, folder)
}

function nextSteps({ word, rotation, resources, keyFile }: RotationTask, ends: number): string {
  const [resource, ...others] = resources
  const reference = rotation.type === 'device' ? undefined : rotation.secret.reference
  const variable = reference?.from === 'env' ? safeLine(reference.name) : undefined
  const steps = [
    `Hand out ${ends === 1 ? 'the configuration' : `the ${ends} configurations`}. Until the switch the old key is in use; ${
      ends === 1 ? 'the other end' : 'each other end'
    } changes right after the switch is applied.`,
    ...(variable === undefined
      ? []
      : [
          `Set ${variable} to the content of ${safeLine(keyFile)}, in the secret store of the pipeline and where else apply runs.`,
        ]),
    `vpnctl rotate ${safeLine(word)} --switch`,
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
