import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Journey, startJourney } from '../support/journey.ts'
import { faultsOf } from '../support/report-schemas.ts'
import type { RunResult } from '../support/run-cli.ts'

const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8')

let journey: Journey

beforeEach(async () => {
  journey = await startJourney()
  journey.write(QUICKSTART)
})
afterEach(() => journey.close())

/** The one document on stdout, checked against its schema. */
function documentOf(result: RunResult): Record<string, unknown> {
  const document = JSON.parse(result.stdout) as Record<string, unknown>
  const name = String(document.format).replace('vpnctl/', '')
  expect(faultsOf(name as 'error', document)).toEqual([])
  return document
}

/** The last line of a stream of documents. */
function lastOf(result: RunResult): Record<string, unknown> {
  const lines = result.stdout.trimEnd().split('\n')
  for (const line of lines) expect(() => JSON.parse(line)).not.toThrow()
  return JSON.parse(lines.at(-1) ?? '') as Record<string, unknown>
}

function expectError(result: RunResult, exit: number, message: RegExp): void {
  const document = documentOf(result)
  expect(document).toMatchObject({ format: 'vpnctl/error', exitCode: exit })
  expect(document.message).toMatch(message)
  expect(result.code).toBe(exit)
}

describe('with --format json stdout is one valid document', () => {
  test('of a plan', async () => {
    const result = await journey.vpnctl('plan', '--format', 'json')
    expect(documentOf(result)).toMatchObject({ format: 'vpnctl/plan', summary: { create: 3 } })
    expect(result.stderr).toBe('')
  })

  test.each([
    [['plan', '--format', 'json', '--nonsense'], /unknown option/],
    [['plan', '--format=json', '--prune', 'some'], /--prune/],
    [['plan', 'extra', '--format', 'json'], /too many arguments/],
    [['plan', '--format', 'json', '--report', 'json'], /FORMAT=FILE/],
    [['plan', '--format', 'json', '--report', 'xml=a'], /choose from text, json/],
    [['plan', '--format', 'json', '--report', 'json=a', '--report', 'text=./a'], /two reports/],
    [['plan', '--format', 'json', '--endpoint', 'nonsense'], /not a URL/],
    [['apply', '--format', 'json'], /use --yes/],
    [['nonsense', '--format', 'json'], /unknown command/],
  ])('of wrong usage: %j', async (argv, message) => {
    expectError(await journey.vpnctl(...argv), 64, message)
  })

  test('of an invalid file', async () => {
    journey.write(QUICKSTART.replace('gatewayIP', 'gatewayIp'))
    for (const argv of [['plan'], ['apply', '--yes'], ['destroy', '--yes']]) {
      const result = await journey.vpnctl(...argv, '--format', 'json')
      expectError(result, 3, /^1 error$/)
      expect(documentOf(result).diagnostics).toMatchObject([{ code: 'VPN201', file: 'vpn.yaml', line: 10 }])
    }
    const validate = await journey.vpnctl('validate', '--format', 'json')
    expect(documentOf(validate)).toMatchObject({ format: 'vpnctl/diagnostics', summary: { errors: 1 } })
    expect(validate.code).toBe(3)
  })

  test('of files that are not there, and of broken YAML', async () => {
    const missing = await journey.vpnctl('plan', '-f', 'nowhere.yaml', '--format', 'json')
    expectError(missing, 3, /^1 error$/)
    journey.write('a: [')
    expectError(await journey.vpnctl('plan', '--format', 'json'), 3, /^1 error$/)
  })

  test('of an API that refuses or fails', async () => {
    const denied = await journey.run(['plan', '--format', 'json'], {
      env: { IONOS_TOKEN: '' },
    })
    expectError(denied, 4, /no credentials found/)
    const nobody = await journey.vpnctl(
      'plan',
      '--format',
      'json',
      '--endpoint',
      'http://127.0.0.1:9',
      '--timeout',
      '1s',
    )
    const document = documentOf(nobody)
    expect(document.format).toBe('vpnctl/error')
    expect(document.exitCode).toBe(nobody.code)
    expect([5, 9]).toContain(nobody.code)
  })

  test('of a report that cannot be written', async () => {
    const result = await journey.vpnctl('plan', '--format', 'json', '--report', 'text=nowhere/plan.txt')
    expectError(result, 1, /cannot write nowhere\/plan.txt: its folder does not exist/)
  })

  test('of a plan that is refused, with its exit code', async () => {
    await journey.vpnctl('apply', '--yes')
    journey.write(QUICKSTART.slice(0, QUICKSTART.indexOf('wireguardGateways:')))
    const plan = await journey.vpnctl('plan', '--format', 'json')
    expect(documentOf(plan)).toMatchObject({ format: 'vpnctl/plan', refusals: [{ code: 'VPN508' }] })
    expect(plan.code).toBe(6)
    const apply = await journey.vpnctl('apply', '--yes', '--format', 'json')
    expectError(apply, 6, /refused, nothing was changed/)
    expect(documentOf(apply).diagnostics).toMatchObject([{ code: 'VPN508' }])
  })

  test('of an interruption', async () => {
    const result = await journey.run(['plan', '--format', 'json'], { onStart: (stop) => stop('SIGTERM') })
    expectError(result, 143, /stopped by SIGTERM/)
  })

  test('of an apply, line by line, ended by the result', async () => {
    const result = await journey.vpnctl('apply', '--yes', '--format', 'json')
    expect(lastOf(result)).toMatchObject({ type: 'result', summary: { applied: 3 } })
    expect(faultsOf('apply', lastOf(result))).toEqual([])
    expect(result.stderr).toBe('')
  })

  test('of an apply that is interrupted', async () => {
    let stop: (signal: 'SIGINT') => void = () => undefined
    const running = journey.run(['apply', '--yes', '--format', 'json'], {
      onStart: (handler) => {
        stop = handler
      },
    })
    await expect
      .poll(() => journey.sandbox.requests().filter(({ method }) => method === 'PUT').length)
      .toBeGreaterThan(0)
    stop('SIGINT')
    const result = await running
    expect(result.code).toBe(130)
    expect(lastOf(result)).toMatchObject({ type: 'result', interrupted: 'SIGINT' })
  })
})
