import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { watchHandles } from '../support/cli-process.ts'
import { openStage, type Stage } from '../support/stage.ts'

let stage: Stage | undefined

afterEach(() => stage?.close())

const SIGNALS = [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const

describe.each(SIGNALS)('%s', (signal, code) => {
  test('while a write is under way: it ends, nothing new begins, and a summary is printed', async () => {
    stage = await openStage({ latencyMs: 300, provisionMs: 60_000 })
    const running = stage.process(['apply', '--yes'])
    await running.says(/hq: creating/)
    running.child.kill(signal)
    const { code: ended, stdout, stderr } = await stage.end(running)
    expect(ended).toBe(code)
    expect(stderr).toContain('Stopping: nothing new is started')
    expect(stage.writes()).toEqual(['PUT /wireguardgateways/ID'])
    expect(stage.sandbox.store.resources().map(({ properties }) => properties.name)).toEqual(['hq'])
    expect(stdout).toMatch(/^Applied 1 of 3 changes:$/m)
    expect(stdout).toMatch(/^Not started \(2\):$/m)
    expect(stdout).toMatch(/^To continue: vpnctl apply --yes$/m)
    expect(stdout).toMatch(
      new RegExp(`Apply incomplete \\(stopped by ${signal}\\): 1 applied, 0 failed, 2 not started`),
    )
  })

  test('while it waits for a resource: the wait ends, and the summary says what was not waited for', async () => {
    stage = await openStage({ provisionMs: 60_000 })
    const running = stage.process(['apply', '--yes'])
    await running.says(/hq: waiting for AVAILABLE/)
    running.child.kill(signal)
    const { code: ended, stdout } = await stage.end(running)
    expect(ended).toBe(code)
    expect(stdout).toContain('Not waited for: 1; the API accepted it, completion was not checked.')
    expect(stage.writes()).toEqual(['PUT /wireguardgateways/ID'])
  })

  test('twice: the process ends at once, without a summary', async () => {
    const hang = ({ method }: { method: string }) => (method === 'PUT' ? 'hang' : undefined)
    stage = await openStage({ inject: hang })
    const running = stage.process(['apply', '--yes', '--request-timeout', '5m'])
    await running.says(/hq: creating/)
    running.child.kill(signal)
    await running.says(/Stopping:/)
    running.child.kill(signal)
    const { code: ended, stdout } = await stage.end(running)
    expect(ended).toBe(code)
    expect(stdout).not.toContain('Apply incomplete')
  })

  test('during a plan: reads are cut', async () => {
    let arrived: () => void = () => undefined
    const asked = new Promise<void>((resolve) => {
      arrived = resolve
    })
    const inject = (): string => {
      arrived()
      return 'hang'
    }
    stage = await openStage({ inject })
    const running = stage.process(['plan', '--request-timeout', '5m'])
    await asked
    running.child.kill(signal)
    const { code: ended, stdout, stderr } = await stage.end(running)
    expect(ended).toBe(code)
    expect(stdout).toBe('')
    expect(stderr).toContain(`stopped by ${signal}`)
  })
})

test('the second run after a signal does the rest', async () => {
  stage = await openStage({ provisionMs: 300 })
  const running = stage.process(['apply', '--yes'])
  await running.says(/hq: waiting/)
  running.child.kill('SIGTERM')
  expect((await stage.end(running)).code).toBe(143)
  const again = await stage.vpnctl(['apply', '--yes'])
  expect(again.code).toBe(0)
  expect(again.stdout).toContain('Verified')
})

describe('nothing keeps the process alive once its result is known', () => {
  test.each([
    ['a plan', ['plan'], 0],
    ['an apply', ['apply', '--yes'], 0],
    ['an apply whose file is invalid', ['apply', '--yes', '-f', 'wrong.yaml'], 3],
    ['a plan that reaches nobody', ['plan', '--endpoint', 'http://127.0.0.1:1'], 5],
    ['a plan that is cut by its time', ['plan', '--timeout', '1ms'], 9],
    ['a plan against a sandbox of its own', ['plan', '--sandbox', '--data', 'state.json'], 0],
    ['wrong usage', ['pln'], 64],
  ] as const)('%s', async (_what, argv, code) => {
    stage = await openStage()
    stage.write('version: 1\n', 'wrong.yaml')
    const handles = join(stage.folder, 'handles.json')
    const ended = await stage.end(stage.process(argv, watchHandles(handles)))
    expect(ended.code).toBe(code)
    expect(alive(handles)).toEqual([])
  })

  test('a run that the service refuses halfway', async () => {
    stage = await openStage({ inject: ({ method }) => (method === 'PUT' ? '401' : undefined) })
    const handles = join(stage.folder, 'handles.json')
    const ended = await stage.end(stage.process(['apply', '--yes'], watchHandles(handles)))
    expect(ended.code).toBe(4)
    expect(alive(handles)).toEqual([])
  })

  test('the sandbox, when it is stopped', async () => {
    stage = await openStage()
    const handles = join(stage.folder, 'handles.json')
    const running = stage.process(['sandbox', '--port', '0', '--memory'], watchHandles(handles))
    await running.says(/Stop it with Ctrl-C/)
    running.child.kill('SIGINT')
    expect((await stage.end(running)).code).toBe(0)
    expect(alive(handles)).toEqual([])
  })
})

// The pipes to this test are not the run's own.
function alive(file: string): readonly string[] {
  const resources = JSON.parse(readFileSync(file, 'utf8')) as readonly string[]
  return resources.filter((type) => type !== 'PipeWrap')
}
