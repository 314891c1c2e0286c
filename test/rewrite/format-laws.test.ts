import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isMap, isScalar, parseAllDocuments, visit, type YAMLMap } from 'yaml'
import { kindsUnder } from '../../src/kinds/index.ts'
import type { PlainObject } from '../../src/model/json.ts'
import type { ResourceKind } from '../../src/model/resource.ts'
import { formatText } from '../../src/rewrite/format.ts'
import { RANDOM_TIMEOUT_MS, Reached, RUNS, runs } from '../support/random-runs.ts'
import { yamlTexts } from './yaml-texts.ts'

function formatted(text: string): string {
  const result = formatText(text, { file: 'vpn.yaml' })
  if ('diagnostics' in result) throw new Error(`refused: ${JSON.stringify(result.diagnostics)}`)
  return result.text
}

// An oracle of its own: the YAML library's values, made canonical kind by kind.
function desired(text: string): unknown {
  return parseAllDocuments(text, { merge: true }).map((document) => {
    const value = document.toJS() as Record<string, unknown>
    return {
      version: value.version,
      stack: value.stack,
      location: value.location,
      resources: resources(value, null),
    }
  })
}

function resources(value: Readonly<Record<string, unknown>>, parent: ResourceKind | null): unknown {
  return kindsUnder(parent).flatMap((kind) =>
    ((value[kind.yamlKey] ?? []) as readonly PlainObject[]).map((resource) => ({
      spec: kind.normalise(
        Object.fromEntries(
          Object.entries(resource).filter(([key]) =>
            kindsUnder(kind).every((child) => child.yamlKey !== key),
          ),
        ),
      ),
      children: resources(resource, kind),
    })),
  )
}

function commentsIn(text: string): readonly string[] {
  const found: string[] = []
  const take = (comment: unknown) =>
    found.push(
      ...(typeof comment === 'string' ? comment : '')
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => line.trim()),
    )
  for (const document of parseAllDocuments(text)) {
    take(document.commentBefore)
    take(document.comment)
    visit(document, (_key, node) => {
      if (typeof node === 'object' && node !== null && 'comment' in node) take(node.comment)
      if (typeof node === 'object' && node !== null && 'commentBefore' in node) take(node.commentBefore)
    })
  }
  return found.sort()
}

describe('formatting any file', () => {
  it('never changes what it says, and is done after one time', { timeout: RANDOM_TIMEOUT_MS }, () => {
    fc.assert(
      fc.property(yamlTexts, (text) => {
        const once = formatted(text)
        expect(desired(once)).toEqual(desired(text))
        expect(formatText(once, { file: 'vpn.yaml' })).toEqual({ text: once, changed: false })
      }),
      { numRuns: RUNS },
    )
  })

  it('keeps every comment', { timeout: RANDOM_TIMEOUT_MS }, () => {
    const reached = new Reached()
    fc.assert(
      fc.property(yamlTexts, (text) => {
        reached.when(commentsIn(text).length > 0)
        expect(commentsIn(formatted(text))).toEqual(commentsIn(text))
      }),
      { numRuns: runs(100) },
    )
    reached.expectShare(0.8)
  })

  it('puts the name first in every resource', { timeout: RANDOM_TIMEOUT_MS }, () => {
    const reached = new Reached()
    fc.assert(
      fc.property(yamlTexts, (text) => {
        // A comment inside of a flow mapping keeps it as it is.
        reached.when(!text.includes('# note'))
        for (const document of parseAllDocuments(formatted(text))) {
          visit(document, (_key, node) => {
            if (isMap(node) && node.has('name')) expect(firstKey(node)).toBe('name')
          })
        }
      }),
      { numRuns: runs(100) },
    )
    reached.expectShare(0.3)
  })
})

function firstKey(map: YAMLMap): unknown {
  const key = map.items[0]?.key
  return isScalar(key) ? key.value : key
}
