import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runCase, SECRETS } from './support/case-folder.ts'
import { formsOf } from './support/examples.ts'

const CASES = join(import.meta.dirname, 'cases')
const folders = readdirSync(CASES, { withFileTypes: true }).filter((entry) => entry.isDirectory())

// UPDATE_CASES=1 writes plan.txt and calls.txt anew; read every line of the difference before you commit it.
const isUpdate = process.env.UPDATE_CASES === '1'

describe('a case folder gives its plan and its calls', () => {
  test.for(folders.map(({ name }) => name))('%s', async (name) => {
    const folder = join(CASES, name)
    const texts = await runCase(folder)
    for (const [file, text] of [
      ['plan.txt', texts.plan],
      ['calls.txt', texts.calls],
    ] as const) {
      const path = join(folder, file)
      if (isUpdate) writeFileSync(path, text)
      expect(existsSync(path), `${file} is missing`).toBe(true)
      expect(text).toBe(readFileSync(path, 'utf8'))
    }
  })

  test.for(
    folders.map(({ name }) => name),
  )('%s: written down and read again it is the same, without secrets', async (name) => {
    const { plan, again, record } = await runCase(join(CASES, name))
    // A file that is invalid has diagnostics, and no plan to write down.
    if (again !== undefined) expect(again).toBe(plan)
    for (const secret of Object.values(SECRETS).flatMap(formsOf)) expect(record ?? plan).not.toContain(secret)
  })
})
