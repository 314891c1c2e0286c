import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { InternalError } from '../../src/model/errors.ts'
import { describeReference, Secret } from '../../src/model/secret.ts'

const secret = new Secret('throw-away')

describe('a secret', () => {
  test('throws rather than become text, JSON or a number', () => {
    expect(() => JSON.stringify({ secret })).toThrow(InternalError)
    expect(() => `${secret}`).toThrow(InternalError)
    expect(() => String(secret)).toThrow(InternalError)
    expect(() => Number(secret)).toThrow(InternalError)
    expect(() => [secret].join()).toThrow(InternalError)
  })

  test('shows nothing to a debugger, however deep it lies', () => {
    expect(inspect({ a: { b: [secret] } }, { depth: 9, showHidden: true })).not.toContain('throw-away')
    expect(Object.keys(secret)).toEqual([])
    expect(structuredClone({ ...secret })).toEqual({})
  })

  test('is the same as another of the same value, and only as that', () => {
    expect(secret.equals(new Secret('throw-away'))).toBe(true)
    expect(secret.equals(new Secret('throw-awaz'))).toBe(false)
    expect(secret.equals(new Secret('throw-away '))).toBe(false)
    expect(new Secret(' throw-away\n').trimmed().equals(secret)).toBe(true)
  })

  test('is reported by where it is read from', () => {
    expect(describeReference({ from: 'env', name: 'HQ_KEY' })).toBe('env HQ_KEY')
    expect(describeReference({ from: 'file', path: 'keys/hq' })).toBe('file keys/hq')
    expect(describeReference({ from: 'literal' })).toBe('written in the file')
  })
})
