/** A value as it may be written on one line of YAML, for examples in messages and docs. */
export function inlineYaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inlineYaml).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, inner]) => `${key}: ${inlineYaml(inner)}`)
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
  }
  return typeof value === 'string' && isPlainText(value) ? value : JSON.stringify(value)
}

/** A member with its value: on one line where that fits in `width`, else one line per field. */
export function yamlMember(key: string, value: unknown, width: number): readonly string[] {
  const line = `${key}: ${inlineYaml(value)}`
  if (line.length <= width || typeof value !== 'object' || value === null) return [line]
  return [`${key}:`, ...blockLines(value, width).map((inner) => `  ${inner}`)]
}

function blockLines(value: object, width: number): readonly string[] {
  if (!Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, inner]) => yamlMember(key, inner, width - 2))
  }
  return (value as readonly unknown[]).flatMap((item) => {
    const inline = inlineYaml(item)
    if (inline.length <= width - 2 || typeof item !== 'object' || item === null) return [`- ${inline}`]
    return blockLines(item, width - 2).map((line, index) => `${index === 0 ? '-' : ' '} ${line}`)
  })
}

// What YAML would take for something else than text, or for a piece of its own syntax, is in quotes.
function isPlainText(text: string): boolean {
  if (/^(true|false|null)$/i.test(text) || /^[\d:]+(\.\d*)?$/.test(text)) return false
  return /^[A-Za-z0-9/](?:[^:#,[\]{}\n"']*[^:#,[\]{}\n"'\s])?(?::[^\s:#,[\]{}\n"']+)*$/.test(text)
}
