import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Plan } from '../../src/plan/types.ts'
import { render as renderDotenv } from '../../src/report/formats/dotenv.ts'
import { planReport } from '../../src/report/plan/report.ts'
import { renderPlanText } from '../../src/report/plan/text.ts'
import { gateway, liveOf, peer, planOf } from '../support/plan-builder.ts'

/** The patterns of the consumers, word for word, so that a change on our side cannot break them unseen. */

// runatlantis/atlantis, server/events/models/models.go, `Summary regexes`, of the versions that read `to import` (since 2023).
const ATLANTIS = {
  changes: /Plan: (?:(\d+) to import, )?(\d+) to add, (\d+) to change, (\d+) to destroy./,
  noChanges: /No changes. (Infrastructure is up-to-date|Your infrastructure matches the configuration)./,
}

// suzuki-shunsuke/tfcmt, pkg/terraform/parser.go, commit 0b9a6a66.
const TFCMT = {
  pass: /^(Plan: \d|No changes.)/m,
  fail: /^([│|] )?(Error: )/m,
  warning: /^([│|] )?(Warning: )/m,
  hasDestroy: /([1-9][0-9]* to destroy.)/m,
  hasNoChanges: /^(No changes.)/m,
  create: /^ *# (.*) will be created$/,
  update: /^ *# (.*) will be updated in-place$/,
  delete: /^ *# (.*) will be destroyed$/,
  changesBegin: 'Terraform will perform the following actions:',
}

const hq = gateway('hq')
const alice = peer(hq, 'alice')
const carol = peer(hq, 'carol', { publicKey: 'Y2Fyb2w=' })
const changed = planOf(
  [hq, alice, carol],
  [
    liveOf(hq),
    liveOf(alice, { allowedIPs: ['10.99.0.9/32'] }),
    liveOf(peer(hq, 'bob', { publicKey: 'Ym9i' })),
  ],
)
const unchanged = planOf([hq], [liveOf(hq)])
const textOf = (plan: Plan): string => renderPlanText(plan, { color: false, sourceName: 'vpn.yaml' })
const named = (pattern: RegExp, text: string): string[] =>
  text.split('\n').flatMap((line) => pattern.exec(line)?.[1] ?? [])

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnctl-consumers-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('Atlantis', () => {
  const { workflows } = parse(readFileSync('examples/ci/atlantis/repos.yaml', 'utf8')) as {
    workflows: { vpnctl: { plan: { steps: { run: string }[] } } }
  }

  // What the step behind the plan prints, run as Atlantis runs it.
  function lastStep(plan: Plan): string {
    const planFile = join(folder, 'default.tfplan')
    writeFileSync(`${planFile}.env`, renderDotenv(planReport(plan)))
    const { run } = workflows.vpnctl.plan.steps.at(-1) ?? { run: 'exit 1' }
    return execFileSync('sh', ['-c', run], { encoding: 'utf8', env: { ...process.env, PLANFILE: planFile } })
  }

  test('reads the counts of a plan with changes', () => {
    const output = `${textOf(changed)}\n${lastStep(changed)}`
    expect(ATLANTIS.changes.exec(output)?.slice(1)).toEqual([undefined, '1', '1', '1'])
    expect(output).not.toMatch(ATLANTIS.noChanges)
  })

  test('recognises a plan without changes, by the step behind it', () => {
    expect(`${textOf(unchanged)}\n${lastStep(unchanged)}`).toMatch(ATLANTIS.noChanges)
    expect(textOf(unchanged)).toMatch(/^No changes\. /m)
  })
})

describe('tfcmt', () => {
  // The script of the page, with a vpnctl that prints this and ends so.
  function scripted(text: string, code: number): { output: string; status: number | null } {
    const bin = join(folder, 'vpnctl')
    writeFileSync(join(folder, 'text'), text)
    writeFileSync(bin, `#!/bin/sh\ncat '${join(folder, 'text')}'\nexit ${code}\n`)
    chmodSync(bin, 0o755)
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` }
    const { stdout, status } = spawnSync('bash', ['examples/ci/atlantis/tfcmt-plan.sh'], {
      encoding: 'utf8',
      env,
    })
    return { output: stdout, status }
  }

  test('finds what is created, updated and destroyed, and the changes themselves', () => {
    const { output, status } = scripted(textOf(changed), 0)
    expect(status).toBe(0)
    expect(output).toMatch(TFCMT.pass)
    expect(output).toMatch(TFCMT.hasDestroy)
    expect(output).not.toMatch(TFCMT.fail)
    expect(named(TFCMT.create, output)).toEqual([expect.stringContaining('carol')])
    expect(named(TFCMT.update, output)).toEqual([expect.stringContaining('alice')])
    expect(named(TFCMT.delete, output)).toEqual([expect.stringContaining('bob')])
    const lines = output.split('\n')
    const begin = lines.indexOf(TFCMT.changesBegin)
    expect(begin).toBe(0)
    expect(lines.slice(begin).join('\n')).toContain('carol')
  })

  test('finds no changes by the first sentence', () => {
    expect(textOf(unchanged)).toMatch(TFCMT.hasNoChanges)
    expect(scripted(textOf(unchanged), 0).output).not.toMatch(TFCMT.hasDestroy)
  })

  test('finds a failure, and the exit code stays', () => {
    const { output, status } = scripted('error[VPN101]: vpn.yaml:1:1 wrong\n', 3)
    expect(status).toBe(3)
    expect(output).toMatch(TFCMT.fail)
  })
})
