import type { Explanation } from '../../model/codes.ts'
import type { FieldDoc } from '../../model/field-doc.ts'
import { inlineYaml, yamlMember } from '../../model/inline-yaml.ts'
import type { Style } from '../writing/style.ts'
import { count } from '../writing/words.ts'
import { wrapWords } from '../writing/wrap.ts'

const WIDEST = 100
const EXAMPLE_WIDTH = 84
const FACT_INDENT = 12

/** What a code means, why it matters, what to do, and an example. */
export function renderExplanation(explanation: Explanation, style: Style): string {
  const { code, title, meaning, why, hint, bad, good, source } = explanation
  return [
    style.heading(`${code}: ${title}`),
    '',
    ...wrap(meaning, '', style),
    ...wrap(`Why it matters: ${why}`, '', style),
    ...(source === undefined ? [] : wrap(`Source: ${source}`, '', style)),
    ...wrap(`What to do: ${hint}`, '', style),
    '',
    style.error('Wrong:'),
    ...indented(bad),
    '',
    style.good('Right:'),
    ...indented(good),
    '',
  ].join('\n')
}

/** Fields, each with what is below it, one level or all. Fields of which the same is to be said are reported once. */
export function renderFields(fields: readonly FieldDoc[], isRecursive: boolean, style: Style): string {
  const texts = new Map<string, string[]>()
  for (const field of fields) {
    const text = fieldText(field, isRecursive, style)
    texts.set(text, [...(texts.get(text) ?? []), style.heading(field.path)])
  }
  return [...texts].map(([text, paths]) => `${paths.join('\n')}\n\n${text}`).join('\n')
}

function fieldText(field: FieldDoc, isRecursive: boolean, style: Style): string {
  const fact = (name: string, lines: readonly string[] | string | undefined): readonly string[] =>
    (typeof lines === 'string' ? wrap(lines, '', style, FACT_INDENT) : (lines ?? [])).map(
      (line, index) => `  ${style.quiet((index === 0 ? `${name}:` : '').padEnd(FACT_INDENT - 2))}${line}`,
    )
  const below = fieldLines(field.fields, isRecursive, '  ', style)
  return [
    ...wrap(field.description, '  ', style),
    '',
    ...fact('type', `${field.type}${field.required ? ', required' : ''}`),
    ...fact('form', field.form),
    ...fact('range', field.limits),
    ...fact('default', field.default === undefined ? undefined : inlineYaml(field.default)),
    ...fact('choices', field.choices?.map(inlineYaml).join(', ')),
    ...fact('changing', field.onChange),
    ...fact(
      'example',
      field.example === undefined ? undefined : yamlMember(field.name, field.example, EXAMPLE_WIDTH),
    ),
    ...(below.length === 0 ? [] : ['', `${style.heading('Fields')} (* required)`, ...below]),
    '',
  ].join('\n')
}

/** What can be explained: every code, and the fields at the top. */
export function renderTopics(
  codes: readonly Explanation[],
  fields: readonly FieldDoc[],
  isRecursive: boolean,
  style: Style,
): string {
  return [
    `${style.heading('Fields')} (* required)`,
    ...fieldLines(fields, isRecursive, '  ', style),
    '',
    style.heading('Codes'),
    ...codes.map(({ code, title }) => `  ${code}  ${title}`),
    '',
    ...wrap(
      'vpnctl explain CODE or FIELD shows more, FIELD --recursive all that is below it.',
      '',
      style,
    ).map(style.quiet),
    '',
  ].join('\n')
}

function fieldLines(
  fields: readonly FieldDoc[],
  isRecursive: boolean,
  indent: string,
  style: Style,
): readonly string[] {
  const nameWidth = Math.max(0, ...fields.map(({ name }) => name.length)) + 3
  return fields.flatMap((field) => {
    const mark = `${field.name}${field.required ? '*' : ''}`.padEnd(nameWidth)
    const more = !isRecursive && field.fields.length > 0 ? ` (${count(field.fields.length, 'field')})` : ''
    const type = field.type.replace(/,.*/, '')
    return [
      `${indent}${mark}${style.quiet(`${type}${more}`)}`,
      ...wrap(firstSentence(field.description), `${indent}  `, style),
      ...(isRecursive ? fieldLines(field.fields, true, `${indent}    `, style) : []),
    ]
  })
}

function firstSentence(text: string): string {
  return /^.*?[.](?=\s|$)/.exec(text)?.[0] ?? text
}

function indented(text: string): readonly string[] {
  return text.split('\n').map((line) => `  ${line}`)
}

function wrap(text: string, indent: string, style: Style, taken = 0): readonly string[] {
  return text === '' ? [] : wrapWords(`${indent}${text}`, Math.min(WIDEST, style.width) - taken, indent)
}
