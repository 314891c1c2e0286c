import { describe, expect, test } from 'vitest'
import { EXIT_CODES } from '../../src/cli/exit-codes.ts'
import { startJob } from './an-action.ts'

interface End {
  readonly command: string
  readonly code: number
  readonly hasReport: boolean
  readonly out: string
  readonly log: string
}

const { ENDS, summaryOf } = (await import('../../action/summary.mjs' as string)) as {
  readonly ENDS: Readonly<Record<number, readonly [what: string, next: string]>>
  readonly summaryOf: (end: End) => string
}

const end = (parts: Partial<End>): string =>
  summaryOf({ command: 'plan', code: 1, hasReport: false, out: '', log: '', ...parts })

describe('the summary of a job', () => {
  test('has a sentence for every exit code, and a next step for all but success', () => {
    const codes = Object.values(EXIT_CODES).map(({ code }) => code)
    expect(Object.keys(ENDS).map(Number)).toEqual([...codes].sort((a, b) => a - b))
    for (const code of codes) {
      const text = end({ code, log: 'the reason' })
      expect(text).toMatch(/^\n### vpnctl plan [a-z]/)
      expect(text.includes('**Next step:** ')).toBe(code !== 0)
      expect(text.includes('the reason')).toBe(code !== 0)
    }
  })

  test('of an unknown exit code shows the code and the output', () => {
    expect(end({ code: 77, out: 'half a line' })).toContain('ended with exit code 77')
    expect(end({ code: 77, out: 'half a line' })).toContain('```\nhalf a line\n```')
  })

  test('leaves out the commands of the runner', () => {
    expect(end({ out: '::error title=vpnctl::a%0Ab', log: 'error: a\nb' })).not.toContain('::')
  })

  test('has no empty block when nothing was printed', () => {
    expect(end({ code: 7 })).toContain('There is no output.')
    expect(end({ code: 7 })).not.toContain('```')
  })

  test('fences longer than the longest run of backticks', () => {
    expect(end({ log: 'a ````` b' })).toContain('\n``````\na ````` b\n``````\n')
  })

  test('does not repeat a report, and adds the next step where the run failed', () => {
    expect(end({ code: 0, hasReport: true, out: 'Plan' })).toBe('')
    const refused = end({ code: 6, hasReport: true, out: 'Plan' })
    expect(refused).toContain('**Next step:**')
    expect(refused).not.toContain('```')
  })

  test('keeps the end of a long output within the limit of GitHub', () => {
    const text = end({ out: `first\n${'ä'.repeat(600_000)}\nthe verdict` })
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024)
    expect(text).toContain('the verdict')
    expect(text).not.toContain('first')
  })

  test('is written for a command that does not exist', async () => {
    const job = startJob({})
    try {
      expect((await job.run({ command: 'aply' })).code).toBe(64)
      expect(job.summary()).toContain('### vpnctl aply failed: wrong usage (exit 64)')
    } finally {
      job.close()
    }
  })
})
