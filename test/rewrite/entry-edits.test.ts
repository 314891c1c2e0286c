import { describe, expect, test } from 'vitest'
import { type EntryEdit, editEntries } from '../../src/rewrite/entry-edits.ts'

const ANNA = { name: 'anna', publicKey: 'a=', allowedIPs: ['10.0.0.2/32'] }

/** The place of the name of a resource, as a desired resource gives it. */
function at(text: string, name: string) {
  const offset = text.indexOf(`name: ${name}`) + 'name: '.length
  const position = { line: 1, column: 1, offset }
  return { file: 'vpn.yaml', start: position, end: position }
}

function edited(text: string, name: string, edit: (place: EntryEdit['at']) => EntryEdit): string {
  const { text: result, refused } = editEntries(text, [edit(at(text, name))])
  return refused[0]?.why ?? result
}

const add = (text: string) =>
  edited(text, 'hq', (place) => ({ type: 'add', at: place, list: 'peers', entry: ANNA }))
const remove = (text: string, name: string) => edited(text, name, (place) => ({ type: 'remove', at: place }))

describe('an entry is added', () => {
  test.each([
    [
      'behind a block list, in the style of the entry before',
      'g:\n  - name: hq\n    peers:\n      - name: ben\n        publicKey: b=   # his\n  - name: lab\n',
      'g:\n  - name: hq\n    peers:\n      - name: ben\n        publicKey: b=   # his\n      - name: anna\n        publicKey: a=\n        allowedIPs: [10.0.0.2/32]\n  - name: lab\n',
    ],
    [
      'behind entries that are written in one line',
      'g:\n- name: hq\n  peers:\n  - { name: ben }\n# the end\n',
      'g:\n- name: hq\n  peers:\n  - { name: ben }\n  - { name: anna, publicKey: a=, allowedIPs: [10.0.0.2/32] }\n# the end\n',
    ],
    [
      'to a resource without a list',
      'g:\n  - name: hq\n    ip: 1\n  - name: lab\n',
      'g:\n  - name: hq\n    ip: 1\n    peers:\n      - { name: anna, publicKey: a=, allowedIPs: [10.0.0.2/32] }\n  - name: lab\n',
    ],
    [
      'to an empty list, in a file without a last line break',
      'g:\n  - name: hq\n    peers: []',
      'g:\n  - name: hq\n    peers:\n      - { name: anna, publicKey: a=, allowedIPs: [10.0.0.2/32] }',
    ],
    [
      'to a list that is written in one line',
      'g: [{ name: hq, peers: [{ name: ben }] }]\n',
      'g: [{ name: hq, peers: [{ name: ben }, { name: anna, publicKey: a=, allowedIPs: [10.0.0.2/32] }] }]\n',
    ],
    [
      'to a mapping that is written in one line',
      'g: [{ name: hq }]\n',
      'g: [{ name: hq, peers: [{ name: anna, publicKey: a=, allowedIPs: [10.0.0.2/32] }] }]\n',
    ],
    [
      'with the line breaks of Windows',
      'g:\r\n  - name: hq\r\n    peers:\r\n      - { name: ben }\r\n',
      'g:\r\n  - name: hq\r\n    peers:\r\n      - { name: ben }\r\n      - { name: anna, publicKey: a=, allowedIPs: [10.0.0.2/32] }\r\n',
    ],
  ])('%s', (_, before, after) => {
    expect(add(before)).toBe(after)
  })

  test('never to text that an alias uses as well', () => {
    expect(add('x: &hq\n  - name: hq\n    peers: [{ name: ben }]\ng: *hq\n')).toBe('shared')
  })
})

describe('an entry is removed', () => {
  test.each([
    [
      'with the comments directly above it and in it',
      'p:\n  # all of them\n  - name: ben\n\n  # her laptop\n  # (blue)\n  - name: anna   # x\n    key: a\n  - name: zoe\n',
      'p:\n  # all of them\n  - name: ben\n\n  - name: zoe\n',
    ],
    [
      'from the head of a list, whose comment stays',
      'p:\n  # all of them\n  - name: anna\n    key: a\n  - name: zoe\n',
      'p:\n  # all of them\n  - name: zoe\n',
    ],
    [
      'with its list when it is the only one',
      'g:\n  - name: hq\n    p:\n      - name: anna\n    q: 1\n',
      'g:\n  - name: hq\n    q: 1\n',
    ],
    ['from the head of one line', 'p: [{ name: anna }, { name: ben }]\n', 'p: [{ name: ben }]\n'],
    ['from the end of one line', 'p: [{ name: ben }, { name: anna }]\n', 'p: [{ name: ben }]\n'],
    ['with a list in one line', 'p: [{ name: anna }]\nq: 1\n', 'q: 1\n'],
    [
      'with its list from a mapping in one line',
      'g: [{ name: hq, p: [{ name: anna }] }]\n',
      'g: [{ name: hq }]\n',
    ],
  ])('%s', (_, before, after) => {
    expect(remove(before, 'anna')).toBe(after)
  })
})

describe('a field is written', () => {
  const set = (text: string, path: readonly string[], value: string | readonly string[] | undefined) =>
    edited(text, 'anna', (place) => ({ type: 'set', at: place, path, value }))

  test.each([
    [
      'in place of its value',
      '- name: anna\n  k: old # why\n',
      ['k'],
      'new',
      '- name: anna\n  k: new # why\n',
    ],
    [
      'in place of a list over several lines',
      '- name: anna\n  k:\n    - a\n    - b\n  z: 1\n',
      ['k'],
      ['c'],
      '- name: anna\n  k: [c]\n  z: 1\n',
    ],
    [
      'behind the name when it is new',
      '- name: anna # x\n  z: 1\n',
      ['k'],
      'new',
      '- name: anna # x\n  k: new\n  z: 1\n',
    ],
    ['in one line', '- { name: anna, z: 1 }\n', ['k'], 'new', '- { name: anna, k: new, z: 1 }\n'],
    [
      'deep inside',
      '- name: anna\n  a:\n    b: { c: 1 }\n',
      ['a', 'b', 'c'],
      'new',
      '- name: anna\n  a:\n    b: { c: new }\n',
    ],
    ['away', '- name: anna\n  k: old\n  z: 1\n', ['k'], undefined, '- name: anna\n  z: 1\n'],
    ['away from one line', '- { name: anna, k: old }\n', ['k'], undefined, '- { name: anna }\n'],
  ])('%s', (_, before, path, value, after) => {
    expect(set(`l:\n${before}`, path, value)).toBe(`l:\n${after}`)
  })

  test('not where its mapping is missing', () => {
    expect(set('l:\n- name: anna\n', ['a', 'b'], 'x')).toBe('unusual')
  })
})

describe('several edits of one file', () => {
  const all = (text: string, edits: readonly ((text: string) => EntryEdit)[]) => {
    const { text: result, refused } = editEntries(
      text,
      edits.map((edit) => edit(text)),
    )
    return refused.length === 0 ? result : refused.map(({ why }) => why)
  }
  const gone = (name: string) => (text: string) => ({ type: 'remove', at: at(text, name) }) as const
  const put =
    (name: string, path: readonly (string | number)[], value: string | undefined) => (text: string) =>
      ({ type: 'set', at: at(text, name), path, value, order: ['name', 'a', 'k', 'z'] }) as const

  test.each<[string, string, readonly ((text: string) => EntryEdit)[], unknown]>([
    [
      'neighbours are removed from one line',
      'p: [{ name: anna }, { name: ben }, { name: zoe }]\n',
      [gone('ben'), gone('zoe')],
      'p: [{ name: anna }]\n',
    ],
    ['all of a list', 'p:\n  - name: anna\n  - name: ben\nq: 1\n', [gone('ben'), gone('anna')], 'q: 1\n'],
    [
      'the first ones of a list',
      'p:\n  - name: anna\n  - name: ben\n  - name: zoe\n',
      [gone('anna'), gone('ben')],
      'p:\n  - name: zoe\n',
    ],
    [
      'fields next to each other in one line',
      'p: [{ name: anna, k: 1, z: 2 }]\n',
      [put('anna', ['k'], undefined), put('anna', ['z'], undefined)],
      'p: [{ name: anna }]\n',
    ],
    [
      'a field on the line of the dash, in front of the name',
      'p:\n  - k: 1 # one\n    name: anna\n',
      [put('anna', ['k'], undefined)],
      'p:\n  - name: anna\n',
    ],
    [
      'a field in front of the name and one behind it',
      'p:\n  - k: 1\n    name: anna\n    z: 2\n',
      [put('anna', ['k'], 'longer'), put('anna', ['z'], 'new'), put('anna', ['a'], 'x')],
      'p:\n  - k: longer\n    name: anna\n    a: x\n    z: new\n',
    ],
    [
      'a field in its place in the order of keys',
      'p:\n  - name: anna\n    a:\n      - 1\n    z: 2\n',
      [put('anna', ['k'], 'new')],
      'p:\n  - name: anna\n    a:\n      - 1\n    k: new\n    z: 2\n',
    ],
    [
      'an item of a list, with the comments of the others',
      'p:\n  - name: anna\n    k:\n      - one # first\n      - two # second\n',
      [put('anna', ['k', 0], 'uno')],
      'p:\n  - name: anna\n    k:\n      - uno # first\n      - two # second\n',
    ],
    [
      'an item away from a list',
      'p:\n  - name: anna\n    k: [one, two]\n',
      [put('anna', ['k', 0], undefined)],
      'p:\n  - name: anna\n    k: [two]\n',
    ],
    [
      'a value in its quotes',
      'p:\n  - name: anna\n    k: "old"\n',
      [put('anna', ['k'], 'new')],
      'p:\n  - name: anna\n    k: "new"\n',
    ],
    [
      'but for those that cannot be made',
      `p:\n  - name: anna\n    k: \${var.k}\n  - name: ben\n    k: old\n`,
      [put('anna', ['k'], 'new'), put('ben', ['k'], 'new')],
      ['variable'],
    ],
    [
      'not a value that an alias repeats',
      'x: &x 1\np:\n  - { name: anna, k: *x }\n',
      [put('anna', ['k'], '2')],
      ['alias'],
    ],
    [
      'not a value that aliases use',
      'p:\n  - { name: anna, k: &x 1 }\nq: *x\n',
      [put('anna', ['k'], '2')],
      ['alias'],
    ],
  ])('%s', (_, before, edits, after) => {
    expect(all(before, edits)).toEqual(after)
  })

  test('are made where one of them cannot be', () => {
    const text = `p:\n  - { name: anna, k: old }\n  - { name: ben, k: "\${var.k}" }\n`
    const result = editEntries(text, [put('anna', ['k'], 'new')(text), put('ben', ['k'], 'new')(text)])
    expect(result.text).toBe(text.replace('old', 'new'))
    expect(result.refused[0]?.at?.start).toMatchObject({ line: 3, column: 21 })
  })

  test('a value of a merged mapping is written over in the entry itself', () => {
    const text = 'x: &base { k: old }\np:\n  - name: anna\n    <<: *base\n'
    expect(all(text, [put('anna', ['k'], 'new')])).toBe(
      'x: &base { k: old }\np:\n  - name: anna\n    k: new\n    <<: *base\n',
    )
  })
})
