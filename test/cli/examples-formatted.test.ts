import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { runCli } from '../support/run-cli.ts'

const EXAMPLES = readdirSync('examples').filter((name) => name.endsWith('.yaml'))

test('there are examples', () => {
  expect(EXAMPLES).toContain('quickstart.yaml')
})

test.each(EXAMPLES)('%s is formatted as vpnctl fmt does', async (name) => {
  const { code, stdout } = await runCli(['fmt', '--check', name], { cwd: 'examples' })
  expect(stdout).toBe('')
  expect(code).toBe(0)
})
