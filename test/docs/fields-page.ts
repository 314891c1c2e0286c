import type { FieldDoc } from '../../src/model/field-doc.ts'
import { fieldDocs } from '../../src/schema/field-docs.ts'

const HEAD = `<!-- Made by npm run docs from the schema; do not edit. -->
# Fields

Every field of the file. \`vpnctl explain FIELD\` shows one of them in the terminal, and \`vpn.schema.json\` shows them in an
editor. A field in **bold** is required. *Stack*, *drift* and other terms: [glossary.md](glossary.md).
`

/** docs/fields.md: one table per mapping, with type, limits, default and meaning of each field. */
export function fieldsPage(): string {
  const top = fieldDocs()
  return [HEAD, section('The file', top), ...top.flatMap(sections)].join('\n')
}

function sections(field: FieldDoc): readonly string[] {
  if (field.fields.length === 0) return []
  return [section(`\`${field.path}\``, field.fields), ...field.fields.flatMap(sections)]
}

function section(title: string, fields: readonly FieldDoc[]): string {
  const rows = fields.map((field) => `| ${nameOf(field)} | ${field.type} | ${textOf(field)} |`)
  return `## ${title}\n\n| field | type | meaning |\n|---|---|---|\n${rows.join('\n')}\n`
}

function nameOf({ name, required }: FieldDoc): string {
  return required ? `**\`${name}\`**` : `\`${name}\``
}

function textOf(field: FieldDoc): string {
  const parts = [
    field.description,
    ...(field.form === undefined ? [] : [`Format: ${field.form}.`]),
    ...(field.limits === undefined ? [] : [`Limits: ${field.limits}.`]),
    ...(field.choices === undefined ? [] : [`One of ${field.choices.map(code).join(', ')}.`]),
    ...(field.default === undefined ? [] : [`Default: ${code(field.default)}.`]),
    ...(field.onChange === undefined ? [] : [`A change: ${field.onChange}.`]),
  ]
  return parts.join(' ').replaceAll('|', '\\|').replaceAll('\n', ' ')
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``
}
