import { isMap, type Node, type Pair, type YAMLMap } from 'yaml'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Lines } from './lines.ts'
import { keyText } from './place.ts'

/** A key that is a list or a mapping. `{{ x }}` of a template is one: the whole of it is the error then. */
export function keyWithoutText(map: YAMLMap, key: Node, lines: Lines): Diagnostic {
  const isTemplate = map.flow === true && isMap(key) && key.range?.[0] === (map.range?.[0] ?? 0) + 1
  return {
    severity: 'error',
    code: 'VPN111',
    message: isTemplate ? '{{ }} is not filled in' : 'a key must be one word or a string',
    hint: isTemplate
      ? 'render the template first, or use ${' + 'var.NAME}'
      : 'write "key: value"; text that starts with { or [ needs quotes',
    at: rangeOf(isTemplate ? map : key, lines),
  }
}

/** A key that the mapping has already. */
export function keyTwice(map: YAMLMap, { key }: Pair<Node>, lines: Lines): Diagnostic {
  const text = keyText(key)
  const first = map.items.find((other) => keyText(other.key) === text)
  return {
    severity: 'error',
    code: 'VPN107',
    message: `${JSON.stringify(text)} is given twice`,
    hint: 'remove one of the two',
    at: rangeOf(key, lines),
    related:
      first === undefined ? [] : [{ at: rangeOf(first.key as Node, lines), message: 'first given here' }],
  }
}

function rangeOf(node: Node, lines: Lines) {
  const [start = 0, end = 0] = node.range ?? []
  return lines.firstLine(start, end)
}
