import { access } from 'node:fs/promises'
import { resolve } from 'node:path'
import { optional } from '../../../model/optional.ts'
import { escapedDocument, safeLine } from '../../../model/safe-text.ts'
import type { TemplateName } from '../../../rewrite/template-names.ts'
import { TEMPLATES } from '../../../rewrite/template-names.ts'
import { renderTemplate, type TemplateAnswers } from '../../../rewrite/templates.ts'
import type { Context } from '../../context.ts'
import { EXIT_OF_SIGNAL, exitCode } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { replaceIf, writeWholeFile } from '../../files/write-file.ts'
import { checkLocations } from '../../flags/location.ts'
import { twoColumns, wrap } from '../../help/help-text.ts'
import { newFileArgument } from '../../output/rerun-command.ts'
import type { InitAnswers, Left } from './questions.ts'

/** Flags of `init`. */
export interface InitFlags {
  readonly template?: TemplateName
  readonly stack?: string
  readonly location?: string
  readonly out: string
  readonly force?: boolean
}

/** `vpnctl init`. */
export async function run(context: Context, flags: InitFlags): Promise<number> {
  if (flags.location !== undefined) checkLocations([flags.location])
  const toStdout = flags.out === '-'
  // Before anybody is asked anything.
  if (!toStdout && flags.force !== true && (await exists(context, flags.out))) throw isThere(flags.out)
  const wish = await wishOf(context, flags)
  if (typeof wish === 'string') {
    context.err('Nothing was written.\n')
    const stopped = context.stoppedBy()
    if (stopped !== undefined) return exitCode(EXIT_OF_SIGNAL[stopped])
    return exitCode(wish === 'interrupted' ? 'sigint' : 'error')
  }
  const text = renderTemplate(wish.template, wish.answers)
  if (toStdout) {
    context.document(escapedDocument(text))
    return exitCode('ok')
  }
  await writeWholeFile(context, flags.out, text, replaceIf(flags.force))
  context.out(`${safeLine(flags.out)}\n`)
  context.err(nextSteps(flags.out, text.includes('keygen'), Math.min(100, context.style.err.width)))
  return exitCode('ok')
}

async function wishOf(context: Context, flags: InitFlags): Promise<InitAnswers | Left> {
  const known: TemplateAnswers = {
    ...optional({ stack: flags.stack, location: flags.location }),
  }
  if (flags.template !== undefined) return { template: flags.template, answers: known }
  const { terminal } = context.io
  if (terminal === undefined) {
    throw new Failure('usage', 'no terminal to ask on: use --template', {
      hint: `one of ${Object.keys(TEMPLATES).join(', ')}`,
    })
  }
  const { askForAnswers } = await import('./questions.ts')
  return askForAnswers({ ...terminal, signal: context.stopping }, known)
}

async function exists(context: Context, name: string): Promise<boolean> {
  return access(resolve(context.io.cwd, name)).then(
    () => true,
    () => false,
  )
}

function isThere(name: string): Failure {
  return new Failure('refused', `${name} already exists`, {
    hint: 'choose another name with --out, or add --force to replace it',
  })
}

function nextSteps(name: string, hasKeys: boolean, width: number): string {
  const file = newFileArgument(name)
  const change = `Next: replace the example values in ${name}${hasKeys ? ', and create the keys as its comments show' : ''}. Then:`
  const steps = twoColumns(
    [
      [`vpnctl validate${file}`, 'check the file'],
      [`vpnctl plan${file} --sandbox`, 'show what would be created, without an account'],
      ['vpnctl schema > vpn.schema.json', 'let your editor complete and check the file'],
    ],
    width,
  )
  return `${wrap(change, width)}\n${steps}\n`
}
