import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isMap, isScalar, parseAllDocuments, visit } from 'yaml'
import { type EntryEdit, editEntries } from '../../src/rewrite/entry-edits.ts'
import { RANDOM_TIMEOUT_MS, runs } from '../support/random-runs.ts'
import { yamlTexts } from './yaml-texts.ts'

const ID = '0b1f6e1c-3c0a-4c57-9e0b-1c5d2f3a4b5c'

function adoption(text: string, name: string): EntryEdit {
  return idAt(text.indexOf(name), ID)
}

function idAt(offset: number, id: string): EntryEdit {
  return { type: 'set', at: placeAt(offset), path: ['id'], value: id }
}

function placeAt(offset: number) {
  const position = { line: 1, column: 1, offset }
  return { file: 'vpn.yaml', start: position, end: position }
}

function adopted(text: string, ...names: readonly string[]): string {
  const result = editEntries(
    text,
    names.map((name) => adoption(text, name)),
  )
  expect(result.refused).toEqual([])
  return result.text
}

const block = `# head
wireguardGateways:
  # first
  -   gatewayIP: 203.0.113.10   # ip
      name:   hq  # its name

      peers: [ {  name: anna,allowedIPs: [10.0.0.2] }, {allowedIPs: [], name: "ben"} ]
`

describe('writing an id into a file', () => {
  it('adds one line behind the name of a block mapping, and changes no other', () => {
    expect(adopted(block, 'hq').split('\n')).toEqual(block.split('\n').toSpliced(5, 0, `      id: ${ID}`))
  })

  it('adds one member behind the name in { }', () => {
    expect(adopted(block, 'anna', '"ben')).toBe(
      block.replace('name: anna', `name: anna, id: ${ID}`).replace('name: "ben"', `name: "ben", id: ${ID}`),
    )
  })

  it('keeps CRLF, and a last line without an end', () => {
    expect(adopted('a:\r\n- name: hq\r\n  b: 1\r\n', 'hq')).toBe(
      `a:\r\n- name: hq\r\n  id: ${ID}\r\n  b: 1\r\n`,
    )
    expect(adopted('a:\n- name: hq', 'hq')).toBe(`a:\n- name: hq\n  id: ${ID}`)
  })

  it('finds its way behind a name over several lines', () => {
    expect(adopted('a:\n- name: >-\n    head\n    office\n  b: 1\n', '>-')).toBe(
      `a:\n- name: >-\n    head\n    office\n  id: ${ID}\n  b: 1\n`,
    )
  })

  it.each([
    ['an anchor', 'wireguardGateways:\n- &gw\n  name: hq\n- *gw\n'],
    ['an anchor around it', 'x-all: &all [{ name: hq }]\nwireguardGateways: *all\n'],
    ['a merge key', 'x-one:\n- &one { name: hq }\nwireguardGateways:\n- <<: *one\n'],
  ])('leaves a text alone that %s shares, and says so', (_what, text) => {
    const result = editEntries(text, [adoption(text, 'hq')])
    expect(result.text).toBe(text)
    expect(result.refused).toMatchObject([{ why: 'shared' }])
  })

  it('does not take a resource that is reached through an alias for the alias', () => {
    const text = 'x-one: &one { name: hq }\nwireguardGateways:\n- *one\n'
    const result = editEntries(text, [adoption(text, '*one')])
    expect(result).toMatchObject({ text, refused: [{ why: 'unusual' }] })
  })

  it('leaves the text alone where a line in the middle would break it', () => {
    const text = 'a:\n- ? name\n  : hq\n'
    const result = editEntries(text, [adoption(text, 'hq')])
    expect(result).toMatchObject({ text, refused: [{ why: 'unusual' }] })
  })

  it('puts the right id at the right place in any file, and nothing else', {
    timeout: RANDOM_TIMEOUT_MS,
  }, () => {
    fc.assert(
      fc.property(yamlTexts, (text) => {
        const places = names(text)
        const wanted = places.map((_, index) => `${index}b1f6e1c-3c0a-4c57-9e0b-1c5d2f3a4b5c`)
        const result = editEntries(
          text,
          places.map(({ offset }, index) => idAt(offset, wanted[index] ?? '')),
        )
        expect(result.refused).toEqual([])
        expect(names(result.text).map(({ id }) => id)).toEqual(wanted)
        expect(result.text.replace(/^ *id: .*\r?\n|, id: [0-9a-f-]{36}/gm, '')).toBe(text)
      }),
      { numRuns: runs(100) },
    )
  })
})

function names(text: string): { offset: number; id: unknown }[] {
  const found: { offset: number; id: unknown }[] = []
  for (const document of parseAllDocuments(text)) {
    visit(document, {
      Map: (_key, map) => {
        const value = isMap(map) ? map.get('name', true) : undefined
        if (isScalar(value) && value.range) found.push({ offset: value.range[0], id: map.get('id') })
      },
    })
  }
  return found
}
