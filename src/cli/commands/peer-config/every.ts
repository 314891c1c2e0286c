import { dirname, join } from 'node:path'
import { optional } from '../../../model/optional.ts'
import type { DesiredState } from '../../../model/resource.ts'
import { fileName, outdatedEnds } from '../../../peer-config/index.ts'
import { stateAt } from '../../../plan/expiry.ts'
import { otherEndsToRenew } from '../../../plan/other-ends.ts'
import { restorePlan } from '../../../plan/saved/plan-record.ts'
import { safeLine } from '../../../report/writing/safe-text.ts'
import { count } from '../../../report/writing/words.ts'
import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { loadBase } from '../../files/base.ts'
import { loadValid } from '../../files/desired.ts'
import { makeOwnFolder } from '../../files/make-folder.ts'
import { readSavedPlanFile } from '../../files/saved-plan-file.ts'
import { replaceIf, writeWholeFile } from '../../files/write-file.ts'
import { namesOfGiven } from '../../flags/options.ts'
import { printNote } from '../../output/folded-note.ts'
import { everyOtherEnd, type OtherEndChoice, usualOptions } from './choice.ts'
import { completeInputs, inputOf, sharedSecret } from './inputs.ts'
import type { PeerConfigFlags } from './options.ts'
import { notWritten, renderEnds } from './render-ends.ts'

/** `vpnctl peer-config --all` and `--changed-since`: one file per end. What cannot be written is reported at the end. */
export async function writeEveryEnd(context: Context, flags: PeerConfigFlags): Promise<number> {
  const folder = flags.outDir
  if (folder === undefined) throw new Failure('usage', '--all and --changed-since need --out-dir')
  const given = namesOfGiven({
    '--out': flags.out,
    '--qr': flags.qr,
    '--private-key-file': flags.privateKeyFile,
    '--address': flags.address,
  })
  if (given !== '') throw new Failure('usage', `${given} is for one end, not for several`)
  const loaded = await loadValid(context, flags, 'optional')
  const desired = stateAt(loaded.desired, new Date(context.io.clock.now()).toISOString())
  const isMeant = await changedSince(context, desired, flags)
  const choices = everyOtherEnd(desired, flags.gateway, flags).filter(isMeant)
  const known = choices.map((choice) => {
    const secret =
      flags.showSecrets === true && choice.format.secret === 'shared' ? sharedSecret(choice.child) : undefined
    return {
      choice,
      input: {
        ...inputOf(desired, choice),
        options: usualOptions(choice.format, flags),
        ...optional({ secret }),
      },
    }
  })
  const inputs = await completeInputs(context, desired, known, flags)
  const { ends, refused } = renderEnds(context, choices, inputs, ({ gateway }) =>
    join(fileName(gateway.location), fileName(gateway.name)),
  )
  for (const { name, text } of ends) {
    const file = join(folder, name)
    await makeOwnFolder(context, dirname(file))
    await writeWholeFile(context, file, text, {
      ...replaceIf(flags.force),
      access: 'owner-only',
    })
    context.out(`${safeLine(file)}\n`)
  }
  context.err(`${count(ends.length, 'configuration')} written to ${safeLine(folder)}.\n`)
  if (choices.length === 0 && flags.changedSince?.endsWith('.json') === false) {
    printNote(
      context,
      `Since ${safeLine(flags.changedSince)}, the files change no other end. Only a saved plan knows rotated secrets and drift: --changed-since plan.json`,
    )
  }
  if (refused.length === 0) return exitCode('ok')
  throw notWritten(refused)
}

type IsMeant = (choice: OtherEndChoice) => boolean

async function changedSince(
  context: Context,
  desired: DesiredState,
  flags: PeerConfigFlags,
): Promise<IsMeant> {
  const since = flags.changedSince
  if (since === undefined) return () => true
  if (since.endsWith('.json')) {
    const { plan } = await readSavedPlanFile(context, since)
    const keys = new Set(
      otherEndsToRenew(restorePlan(plan).changes).map(
        ({ target, address }) => `${target.location} ${address}`,
      ),
    )
    return ({ child }) => keys.has(`${child.location} ${child.address}`)
  }
  const base = await loadBase(context, flags, since, desired)
  if (base.desired === undefined)
    throw new Failure(
      since.startsWith('git:') ? 'error' : 'usage',
      `--changed-since ${since} cannot be used: ${base.problem ?? 'it has errors'}`,
    )
  const outdated = new Set(outdatedEnds(base.desired, desired))
  return ({ child }) => outdated.has(child)
}
