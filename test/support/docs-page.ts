import { readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'

/** Holds a page of docs/ to what it is made from; with UPDATE_DOCS=1 (`npm run docs`) it is written anew. */
export function expectPage(path: string, text: string): void {
  if (process.env.UPDATE_DOCS === '1') writeFileSync(path, text)
  expect(readFileSync(path, 'utf8'), `${path} is out of date: npm run docs`).toBe(text)
}
