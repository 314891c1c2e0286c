import { describe, expect, test } from 'vitest'
import { applyReport } from '../../src/report/apply/report.ts'
import { diagnosticsReport } from '../../src/report/diagnostics/report.ts'
import { driftReport } from '../../src/report/drift/report.ts'
import { type FormatName, formatsOf, renderReport } from '../../src/report/formats.ts'
import { planReport } from '../../src/report/plan/report.ts'
import type { Remark, Report, Subject } from '../../src/report/report.ts'
import { resultOf } from '../support/apply-builder.ts'
import { driftOf } from '../support/drift-builder.ts'
import { gateway, liveOf, planOf } from '../support/plan-builder.ts'
import { RENDER_OPTIONS } from '../support/render-options.ts'

const hq = gateway('hq')
const live = [liveOf(hq, { tier: 'PREMIUM' })]
const planned = planOf([hq], live)
const failed = { message: 'the status is FAILED', reason: 'failed-status' } as const
const REPORTS: readonly Report[] = [
  planReport(planned),
  driftReport(driftOf([hq], live), 0),
  applyReport(resultOf(planned, { [hq.address]: { status: 'failed', error: failed } })),
  diagnosticsReport([{ severity: 'error', code: 'VPN201', message: 'unknown field "x"' }]),
]

describe('one value for each subject, one file for each format', () => {
  test.each(
    REPORTS.map((report) => [report.subject, report] as const),
  )('%s has all its formats', async (subject, report) => {
    const names = formatsOf(subject)
    expect(names).toEqual(expect.arrayContaining<FormatName>(['text', 'json', 'github', 'azure']))
    for (const name of names) {
      const text = await renderReport(report, name, RENDER_OPTIONS)
      expect(text, name).not.toBe('')
      expect(text, name).not.toContain('undefined')
    }
  })

  test.each<[FormatName, readonly Subject[]]>([
    ['text', ['plan', 'drift', 'apply', 'diagnostics']],
    ['json', ['plan', 'drift', 'apply', 'diagnostics']],
    ['github', ['plan', 'drift', 'apply', 'diagnostics']],
    ['gitlab', ['plan', 'drift', 'apply', 'diagnostics']],
    ['sarif', ['plan', 'drift', 'apply', 'diagnostics']],
    ['azure', ['plan', 'drift', 'apply', 'diagnostics']],
    ['dotenv', ['plan', 'drift', 'apply']],
    ['junit', ['drift', 'apply']],
  ])('%s is written for %j', async (name, subjects) => {
    for (const report of REPORTS.filter(({ subject }) => subjects.includes(subject))) {
      expect(formatsOf(report.subject), report.subject).toContain(name)
      expect(await renderReport(report, name, RENDER_OPTIONS), report.subject).not.toBe('')
    }
  })

  test('a format that reads remarks works for every subject', () => {
    const subjects: Readonly<Record<Subject, true>> = {
      plan: true,
      drift: true,
      apply: true,
      diagnostics: true,
    }
    expect(REPORTS.map(({ subject }) => subject).sort()).toEqual(Object.keys(subjects).sort())
    // A new format is one fold like this one, and its line in src/report/formats.ts.
    const csv = ({ remarks }: Report): string =>
      remarks.map(({ severity, code, message }: Remark) => `${severity},${code},"${message}"\n`).join('')
    for (const report of REPORTS) expect(csv(report)).toMatch(/^(error|warning|notice),[\w-]+,".+"\n/)
  })
})
