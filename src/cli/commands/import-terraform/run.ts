import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { hasErrors } from '../../../model/diagnostic.ts'
import { escapedDocument } from '../../../model/safe-text.ts'
import { renderDiagnostics } from '../../../report/diagnostics/text.ts'
import { safeLine } from '../../../report/writing/safe-text.ts'
import { count } from '../../../report/writing/words.ts'
import {
  type ImportedSecret,
  type ImportedState,
  importState,
} from '../../../rewrite/terraform/import-state.ts'
import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { checkWritten } from '../../files/check-written.ts'
import { makeOwnFolder } from '../../files/make-folder.ts'
import { readText } from '../../files/read-text.ts'
import { writeWholeFile } from '../../files/write-file.ts'
import { printNote } from '../../output/folded-note.ts'
import { newFileArgument } from '../../output/rerun-command.ts'
import { secretList } from '../../output/secret-list.ts'
import { handOver } from './hand-over.ts'

/** Flags of `import-terraform`. */
export interface ImportFlags {
  readonly stack: string
  readonly write?: boolean
  readonly out: string
  readonly keys: string
  readonly variables?: boolean
  readonly removedBlocks?: boolean
  readonly force?: boolean
}

// A state of 100,000 resources is about 200 MB.
const STATE_FILE = {
  what: 'the state',
  maxBytes: 256 * 1024 * 1024,
  hint: 'write one with: terraform state pull > copy.tfstate',
}
const STDIN = '<stdin>'

/** `vpnctl import-terraform`. */
export async function run(context: Context, flags: ImportFlags, [name]: readonly [string]): Promise<number> {
  const state = name === '-' ? STDIN : name
  const imported = importState(await readText(context, name, STATE_FILE, true), {
    stack: flags.stack,
    file: state,
    keys: flags.variables === true ? undefined : flags.keys,
  })
  if (hasErrors(imported.diagnostics)) {
    throw new Failure('invalid', '', { diagnostics: imported.diagnostics })
  }
  const forgotten = handOver(imported.instances, flags.removedBlocks === true)
  if (flags.removedBlocks === true && flags.write !== true) {
    context.out(forgotten)
    return exitCode('ok')
  }
  const written = await checkWritten(context, flags.write === true ? flags.out : '<stdout>', imported.text)
  if (flags.write === true) await writeAll(context, flags, imported)
  else context.document(escapedDocument(imported.text))
  const findings = [...imported.diagnostics, ...written.diagnostics]
  if (findings.length > 0) context.err(renderDiagnostics(findings, written.sources, context.style.err))
  printSecrets(context, flags, imported.secrets)
  if (flags.write === true && hasErrors(written.diagnostics)) {
    const file = newFileArgument(flags.out)
    printNote(context, `\nNext: correct ${safeLine(flags.out)}, then vpnctl plan${safeLine(file)}`)
  } else if (flags.write === true) {
    context.out(forgotten)
    printNote(context, `\nNext: vpnctl plan${safeLine(newFileArgument(flags.out))}\n${NEXT}`)
    const keys = imported.secrets.filter(({ value }) => value !== undefined).length
    if (keys > 0)
      printNote(
        context,
        `Then delete ${safeLine(state)} if it is a copy: it has ${count(keys, 'key')} in clear text.`,
      )
  } else {
    const what = flags.variables === true ? 'the file' : 'the file and the keys'
    printNote(context, `\nNothing was written. To write ${what}, run it again with --write.`)
  }
  return exitCode(hasErrors(written.diagnostics) ? 'invalid' : 'ok')
}

const NEXT =
  'It shows no changes where the state is up to date. Then remove the resources from the Terraform configuration, and let Terraform forget them as printed above, in the right workspace, before anyone runs terraform apply.'

// The keys first: without them the file would refer to nothing. What exists is found before anything is written.
async function writeAll(
  context: Context,
  { out, keys, force }: ImportFlags,
  { text, secrets }: ImportedState,
): Promise<void> {
  const folder = dirname(out)
  const files = secrets.flatMap(({ file, value }) =>
    file === undefined || value === undefined ? [] : [{ name: join(folder, file), value }],
  )
  const existing = [out, ...files.map(({ name }) => name)].filter((name) =>
    existsSync(resolve(context.io.cwd, name)),
  )
  if (existing.length > 0 && force !== true) {
    throw new Failure(
      'refused',
      `${existing.join(', ')} already ${existing.length === 1 ? 'exists' : 'exist'}`,
      {
        hint: 'choose another name with --out and --keys, or add --force to replace it',
      },
    )
  }
  const rules = { existing: 'replace', access: 'owner-only' } as const
  if (files.length > 0) {
    await makeOwnFolder(context, join(folder, keys))
    // So that no key gets into a repository.
    await writeWholeFile(context, join(folder, keys, '.gitignore'), '*\n')
  }
  for (const { name, value } of files) await writeWholeFile(context, name, `${value.reveal()}\n`, rules)
  await writeWholeFile(context, out, text)
  context.err(
    `Written: ${safeLine(out)}${files.length === 0 ? '' : `, and ${count(files.length, 'key')} in ${safeLine(join(folder, keys))}`}\n`,
  )
}

function printSecrets(
  context: Context,
  { variables }: ImportFlags,
  secrets: readonly ImportedSecret[],
): void {
  const asVariables = secrets.filter(({ file }) => file === undefined)
  const missing = asVariables.filter(({ value }) => value === undefined)
  if (missing.length > 0 && variables !== true) {
    printNote(
      context,
      `The state does not have ${count(missing.length, 'secret')} (after terraform import, for instance).`,
    )
  }
  context.err(secretList(asVariables, 'The file refers', context.style.err.width))
}
