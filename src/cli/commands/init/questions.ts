import { isCancel, select, text } from '@clack/prompts'
import { LOCATIONS } from '../../../kinds/locations.ts'
import { TEMPLATES, type TemplateName } from '../../../rewrite/template-names.ts'
import { TEMPLATE_EXAMPLES, type TemplateAnswers } from '../../../rewrite/templates.ts'
import { FORMAT_WORDS, FORMATS } from '../../../schema/formats.ts'
import type { Io } from '../../io.ts'

/** What someone wants to start from. */
export interface InitAnswers {
  readonly template: TemplateName
  readonly answers: TemplateAnswers
}

type Terminal = NonNullable<Io['terminal']> & { readonly signal: AbortSignal }

interface Question {
  readonly member: keyof TemplateAnswers
  readonly message: string
  /** A format of the schema that an answer has to have. */
  readonly format?: string
  readonly pattern?: { readonly test: RegExp; readonly words: string }
}

const QUESTIONS: readonly Question[] = [
  {
    member: 'gatewayIP',
    message: 'Public IPv4 address of the gateway, from a reserved IP block?',
    format: 'ipv4',
  },
  { member: 'datacenterId', message: 'Id of the data center with the LAN?', format: 'uuid' },
  {
    member: 'lanId',
    message: 'Number of the LAN?',
    pattern: { test: /^\d+$/, words: 'a number, such as 2' },
  },
  {
    member: 'lanAddress',
    message: "The gateway's own address in the LAN, with the LAN's prefix length?",
    format: 'interface-ipv4',
  },
]

/** How someone left without an answer: by Ctrl-C (or Escape), or by Ctrl-D. */
export type Left = 'interrupted' | 'end-of-input'

/** Asks what is not known yet; an empty answer takes the example. */
export async function askForAnswers(terminal: Terminal, known: TemplateAnswers): Promise<InitAnswers | Left> {
  // The prompts know no Ctrl-D: they would wait for ever.
  const ended = new AbortController()
  const onKey = (
    _text: unknown,
    key: { readonly ctrl?: boolean; readonly name?: string } | undefined,
  ): void => {
    if (key?.ctrl === true && key.name === 'd') ended.abort()
  }
  terminal.input.on('keypress', onKey)
  try {
    const signal = AbortSignal.any([terminal.signal, ended.signal])
    return (
      (await askAll({ ...terminal, signal }, known)) ??
      (ended.signal.aborted ? 'end-of-input' : 'interrupted')
    )
  } finally {
    terminal.input.off('keypress', onKey)
  }
}

async function askAll(terminal: Terminal, known: TemplateAnswers): Promise<InitAnswers | undefined> {
  const template = await select({
    ...terminal,
    message: 'What do you start from?',
    options: Object.entries(TEMPLATES).map(([value, label]) => ({ value, label: `${value}: ${label}` })),
  })
  if (isCancel(template)) return undefined
  const answers: Record<string, string> = { ...known }
  if (answers.stack === undefined) {
    const stack = await ask(terminal, {
      member: 'stack',
      message: 'Name of the stack? It is part of every id and stays.',
    })
    if (stack === undefined) return undefined
    answers.stack = stack
  }
  if (answers.location === undefined) {
    const location = await select({
      ...terminal,
      message: 'Where?',
      options: Object.keys(LOCATIONS).map((value) => ({ value, label: value })),
    })
    if (isCancel(location)) return undefined
    answers.location = location
  }
  const questions = template === 'minimal' ? [] : QUESTIONS
  for (const question of questions) {
    const answer = await ask(terminal, question)
    if (answer === undefined) return undefined
    answers[question.member] = answer
  }
  return { template: template as TemplateName, answers }
}

async function ask(terminal: Terminal, question: Question): Promise<string | undefined> {
  const example = TEMPLATE_EXAMPLES[question.member]
  const answer = await text({
    ...terminal,
    message: question.message,
    placeholder: example,
    defaultValue: example,
    validate: (value) => problemOf(question, (value ?? '').trim()),
  })
  return isCancel(answer) ? undefined : answer.trim()
}

function problemOf({ format, pattern }: Question, value: string): string | undefined {
  if (value === '') return undefined
  const words = format === undefined ? pattern?.words : FORMAT_WORDS[format]
  const test = format === undefined ? pattern?.test : FORMATS[format]
  const isRight = test === undefined || (test instanceof RegExp ? test.test(value) : test(value))
  return isRight ? undefined : `It must be ${words ?? 'something else'}.`
}
