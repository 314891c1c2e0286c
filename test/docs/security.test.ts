import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const PAGE = readFileSync('SECURITY.md', 'utf8')

test('SECURITY.md names files and codes that exist', () => {
  const paths = [...PAGE.matchAll(/`((?:src|test|docs|\.github)\/[\w./-]+)`/g)].map(([, path = '']) => path)
  expect(paths.length).toBeGreaterThan(20)
  expect(paths.filter((path) => !existsSync(path))).toEqual([])
})

test('every promise of SECURITY.md says what holds it', () => {
  const promises = PAGE.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| Promise'))
  expect(promises.length).toBeGreaterThan(12)
  expect(promises.filter((line) => !/\|[^|]*(?:`(?:src|test)\/[^`]+`|`test`)[^|]*\|$/.test(line))).toEqual([])
})
