import { join } from 'node:path'
import { Secret } from '../../../model/secret.ts'
import { fileName, interfaceName, type OtherEnd, type OtherEndInput } from '../../../peer-config/index.ts'
import { safeLine } from '../../../report/writing/safe-text.ts'
import { count } from '../../../report/writing/words.ts'
import type { Context } from '../../context.ts'
import { Failure } from '../../failure.ts'
import type { OtherEndChoice } from './choice.ts'

/** A configuration and the name of its file. */
export interface RenderedEnd {
  readonly name: string
  readonly text: string
}

/** The one place where a secret becomes text: the user handed it over, or asked for it, for this very file. */
export function endText({ parts }: Extract<OtherEnd, { type: 'text' }>): string {
  return parts.map((part) => (part instanceof Secret ? part.reveal() : part)).join('')
}

/** Renders several ends and prints their notes; `refused` says what cannot be written. */
export function renderEnds(
  context: Context,
  choices: readonly OtherEndChoice[],
  inputs: readonly OtherEndInput[],
  folderOf: (choice: OtherEndChoice) => string = () => '',
): { readonly ends: readonly RenderedEnd[]; readonly refused: readonly string[] } {
  const names = namesOf(choices, folderOf)
  const refused: string[] = []
  const ends = choices.flatMap((choice, index): readonly RenderedEnd[] => {
    const who = `${choice.gateway.name}/${choice.child.name}`
    const end = choice.format.render(inputs[index] as OtherEndInput)
    if (end.type === 'refused') {
      refused.push(`${who}: ${end.problems.join('; ')}`)
      return []
    }
    for (const note of end.notes) context.err(`note: ${safeLine(`${who}: ${note}`)}\n`)
    return [{ name: names[index] ?? '', text: endText(end) }]
  })
  return { ends, refused }
}

/** The end of a run that could not write all ends. */
export function notWritten(refused: readonly string[]): Failure {
  return new Failure('error', `${count(refused.length, 'end')} cannot be written: ${refused.join('. ')}`)
}

// Two names may become one when they are made fit for a file; the later gets a number.
function namesOf(
  choices: readonly OtherEndChoice[],
  folderOf: (choice: OtherEndChoice) => string,
): readonly string[] {
  const seen = new Map<string, number>()
  return choices.map((choice) => {
    const { child, format } = choice
    const base = format.secret === 'given' ? interfaceName(child.name) : fileName(child.name)
    const path = join(folderOf(choice), base)
    const times = (seen.get(path.toLowerCase()) ?? 0) + 1
    seen.set(path.toLowerCase(), times)
    return `${path}${times === 1 ? '' : `-${times}`}${ENDINGS[format.name] ?? '.conf'}`
  })
}

const ENDINGS: Readonly<Record<string, string>> = { sheet: '.md', 'sheet-json': '.json' }
