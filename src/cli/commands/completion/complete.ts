import type { Command, Option } from 'commander'
import { loadFiles } from '../../../engine/load-files.ts'
import { LOCATIONS } from '../../../kinds/locations.ts'
import { EXPLANATIONS } from '../../../model/codes.ts'
import type { DesiredState } from '../../../model/resource.ts'
import type { Context } from '../../context.ts'
import { fileNames } from '../../files/desired.ts'
import { TOPICS } from '../../help/topics.ts'

/** One thing that may stand at the cursor, with what it is. */
interface Candidate {
  readonly word: string
  readonly what?: string
}

/** What may stand at the cursor; `files` leaves it to the shell. */
type Completion = readonly Candidate[] | 'files'

/**
 * Completes the last of `words`, which are those after the program's name. Writes `word<TAB>what` lines, or `:files`.
 * Errors of the command line or of the files are not reported: then there is nothing to complete.
 */
export async function complete(program: Command, context: Context, words: readonly string[]): Promise<void> {
  const found = await completionOf(program, context, words).catch(() => [])
  const current = words.at(-1) ?? ''
  const [, flag = '', value = current] = /^(--[\w-]+=)(.*)$/s.exec(current) ?? []
  if (found === 'files') return context.out(':files\n')
  const lines = found
    .filter(({ word }) => word.startsWith(value))
    .map(({ word, what }) => `${flag}${word}\t${what ?? ''}\n`)
  context.out(lines.join(''))
}

async function completionOf(
  program: Command,
  context: Context,
  words: readonly string[],
): Promise<Completion> {
  const before = words.slice(0, -1)
  const current = words.at(-1) ?? ''
  const name = before.find((word) => !word.startsWith('-'))
  if (name === undefined) return current.startsWith('-') ? flagsOf(program, []) : commandsOf(program)
  const command = program.commands.find((each) => each.name() === name || each.aliases().includes(name))
  if (command === undefined) return []
  const rest = before.slice(before.indexOf(name) + 1)
  const estate = () => desiredState(context, command, rest)
  const joined = /^(--[\w-]+)=/.exec(current)?.[1]
  const awaiting = joined ?? rest.at(-1)
  const option = optionNamed(command, awaiting)
  if (option !== undefined && (option.required || option.optional)) return valuesOf(option, estate)
  if (current.startsWith('-')) return flagsOf(command, rest)
  return argumentsOf(program, command, positionals(command, rest), estate)
}

function commandsOf(program: Command): readonly Candidate[] {
  return program.commands
    .filter((command) => !command.name().startsWith('_'))
    .map((command) => ({ word: command.name(), what: command.summary() }))
}

function flagsOf(command: Command, given: readonly string[]): readonly Candidate[] {
  const help = { word: '--help', what: 'print help' }
  return [
    ...command.options
      .filter((option) => !given.includes(option.long ?? '') || isRepeatable(option))
      .map((option) => ({ word: option.long ?? option.short ?? '', what: option.description })),
    help,
  ]
}

function optionNamed(command: Command, word: string | undefined): Option | undefined {
  return word === undefined
    ? undefined
    : command.options.find(({ long, short }) => word === long || word === short)
}

// A parser that is given the value so far adds to it. That of choices is given it too, and does not.
function isRepeatable({ parseArg, argChoices }: Option): boolean {
  return argChoices === undefined && (parseArg?.length ?? 0) > 1
}

type Estate = () => Promise<DesiredState | null>

// What a value is follows from the placeholder in the flag's own help.
async function valuesOf(option: Option, estate: Estate): Promise<Completion> {
  if (option.argChoices !== undefined) return option.argChoices.map((word) => ({ word }))
  const placeholder = /[<[](.+?)[>\]]/.exec(option.flags)?.[1] ?? ''
  if (placeholder === 'location') return locations()
  if (placeholder.startsWith('address')) {
    const all = placeholder.includes('all') ? [{ word: 'all', what: 'every secret' }] : []
    return [...all, ...addresses(await estate())]
  }
  if (placeholder === 'format=file') return []
  return /file|path|folder/.test(placeholder) ? 'files' : []
}

async function argumentsOf(
  program: Command,
  command: Command,
  given: readonly string[],
  estate: Estate,
): Promise<Completion> {
  const declared = command.registeredArguments
  const argument = declared[given.length] ?? declared.find(({ variadic }) => variadic)
  if (argument === undefined) return []
  if (argument.argChoices !== undefined) return argument.argChoices.map((word) => ({ word }))
  switch (argument.name()) {
    case 'topic':
      return topicsOf(program, command)
    case 'address':
    case 'from':
    case 'to':
      return addresses(await estate())
    case 'gateway':
      return names(await estate(), undefined)
    case 'child':
      return names(await estate(), given[0])
    case 'before':
    case 'after':
    case 'files':
    case 'state':
    case 'plan':
      return 'files'
    default:
      return []
  }
}

async function topicsOf(program: Command, command: Command): Promise<readonly Candidate[]> {
  switch (command.name()) {
    case 'help':
      return [...commandsOf(program), ...TOPICS.map(({ name, summary }) => ({ word: name, what: summary }))]
    case 'explain':
      return explained()
    default:
      return []
  }
}

async function explained(): Promise<readonly Candidate[]> {
  const { fieldDocs, fieldNames } = await import('../../../schema/field-docs.ts')
  return [
    ...EXPLANATIONS.map(({ code, title }) => ({ word: code, what: title })).sort((a, b) =>
      a.word.localeCompare(b.word, 'en'),
    ),
    ...fieldNames(fieldDocs()).map((word) => ({ word, what: 'field' })),
  ]
}

function locations(): readonly Candidate[] {
  return Object.entries(LOCATIONS).map(([word, what]) => ({ word, what }))
}

function addresses(desired: DesiredState | null): readonly Candidate[] {
  return (desired?.resources ?? []).map(({ address, kind }) => ({ word: address, what: kind.title }))
}

function names(desired: DesiredState | null, gateway: string | undefined): readonly Candidate[] {
  return (desired?.resources ?? [])
    .filter(({ parent }) =>
      gateway === undefined ? parent === null : parent?.name === gateway || parent?.address === gateway,
    )
    .map(({ name, kind }) => ({ word: name, what: kind.title }))
}

// Words that are neither flags nor values of flags.
function positionals(command: Command, words: readonly string[]): readonly string[] {
  return words.filter((word, index) => {
    if (word.startsWith('-')) return false
    const before = words[index - 1]
    const option = optionNamed(command, before)
    return option === undefined || !option.required
  })
}

async function desiredState(
  { io }: Context,
  command: Command,
  words: readonly string[],
): Promise<DesiredState | null> {
  if (!command.options.some(({ long }) => long === '--file')) return null
  const named = words.flatMap((word, index) => {
    const before = words[index - 1]
    if (before === '-f' || before === '--file') return [word]
    return word.startsWith('--file=') ? [word.slice('--file='.length)] : []
  })
  const fromEnv = (io.env.VPNCTL_FILE ?? '').split(',').filter((name) => name.trim() !== '')
  const files = [named, fromEnv, fileNames({})].find((names) => names.length > 0) ?? []
  if (files.includes('-')) return null
  const loaded = await loadFiles({
    files,
    cwd: io.cwd,
    env: io.env,
    readStdin: async () => new Uint8Array(),
    secrets: 'ignore',
  })
  return loaded.desired
}
