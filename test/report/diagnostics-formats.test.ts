import { expect, test } from 'vitest'
import type { Diagnostic } from '../../src/model/diagnostic.ts'
import { diagnosticsReport } from '../../src/report/diagnostics/report.ts'
import * as azure from '../../src/report/formats/azure.ts'
import * as github from '../../src/report/formats/github.ts'
import * as gitlab from '../../src/report/formats/gitlab.ts'
import * as sarif from '../../src/report/formats/sarif.ts'
import type { RenderOptions } from '../../src/report/report.ts'
import { range } from '../support/plan-builder.ts'
import { RENDER_OPTIONS } from '../support/render-options.ts'

const githubOf = (diagnostics: readonly Diagnostic[]) =>
  github.render(diagnosticsReport(diagnostics), RENDER_OPTIONS)
const gitlabOf = (diagnostics: readonly Diagnostic[]) =>
  gitlab.render(diagnosticsReport(diagnostics), RENDER_OPTIONS)
const sarifOf = (diagnostics: readonly Diagnostic[], rules: RenderOptions['rules'] = new Map()) =>
  sarif.render(diagnosticsReport(diagnostics), { ...RENDER_OPTIONS, rules })

const fault: Diagnostic = {
  severity: 'error',
  code: 'VPN201',
  message: 'unknown field "a:b", 100%',
  hint: 'remove it',
  at: range('vpn/fra,1.yaml', 34, 9, 15),
}
const remark: Diagnostic = { severity: 'warning', code: 'VPN312', message: 'two\nlines ##[error]x' }

test('GitHub gets one command a line, escaped, with the place', () => {
  expect(githubOf([remark, fault])).toBe(`\
::error file=vpn/fra%2C1.yaml,line=34,endLine=34,col=9,endColumn=23,title=VPN201::unknown field "a:b", 100%25%0Aremove it
::warning title=VPN312::two%0Alines #\\x23[error]x
`)
})

test('a range over several lines has no columns, since GitHub would refuse them', () => {
  const at = { ...range('a.yaml', 1, 3), end: { line: 4, column: 1, offset: 9 } }
  expect(githubOf([{ ...fault, at }])).toContain('file=a.yaml,line=1,endLine=4,title=')
})

test('beyond ten of a kind GitHub is reported how many more there are', () => {
  const lines = githubOf([...Array(12).fill(fault), ...Array(10).fill(remark)]).split('\n')
  expect(lines.filter((line) => line.startsWith('::error'))).toHaveLength(10)
  expect(lines.filter((line) => line.startsWith('::warning'))).toHaveLength(10)
  expect(lines[9]).toBe('::error title=vpnctl::and 3 more; see the log')
})

test('text of others is fenced off from the runner', () => {
  expect(github.withoutCommands('::error::x', 'tok')).toBe('::stop-commands::tok\n::error::x\n::tok::\n')
})

test('SARIF holds what code scanning needs', () => {
  const related = [{ at: range('b.yaml', 2, 1, 4), message: 'the other one' }]
  const text = sarifOf(
    [{ ...fault, related }, remark, remark],
    new Map([['VPN201', { title: 'Unknown field', description: 'It is unknown.', help: 'Remove it.' }]]),
  )
  const print = expect.stringMatching(/^[0-9a-f]{32}$/)
  const log = JSON.parse(text)
  expect(log).toEqual({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'vpnctl',
            version: '1.2.3',
            rules: [
              {
                id: 'VPN201',
                shortDescription: { text: 'Unknown field' },
                fullDescription: { text: 'It is unknown.' },
                help: { text: 'Remove it.' },
              },
              {
                id: 'VPN312',
                shortDescription: { text: 'VPN312' },
                fullDescription: { text: 'VPN312' },
                help: { text: 'VPN312' },
              },
            ],
          },
        },
        columnKind: 'utf16CodeUnits',
        results: [
          {
            ruleId: 'VPN201',
            ruleIndex: 0,
            level: 'error',
            message: { text: 'unknown field "a:b", 100%\nremove it' },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'vpn/fra%2C1.yaml' },
                  region: { startLine: 34, startColumn: 9, endLine: 34, endColumn: 24 },
                },
              },
            ],
            relatedLocations: [
              {
                id: 0,
                message: { text: 'the other one' },
                physicalLocation: {
                  artifactLocation: { uri: 'b.yaml' },
                  region: { startLine: 2, startColumn: 1, endLine: 2, endColumn: 5 },
                },
              },
            ],
            partialFingerprints: { 'vpnctl/v1': print },
          },
          ...[1, 2].map(() => ({
            ruleId: 'VPN312',
            ruleIndex: 1,
            level: 'warning',
            message: { text: 'two\nlines ##[error]x' },
            locations: [
              { physicalLocation: { artifactLocation: { uri: 'vpn.yaml' }, region: { startLine: 1 } } },
            ],
            partialFingerprints: { 'vpnctl/v1': print },
          })),
        ],
      },
    ],
  })
  const prints = log.runs[0].results.map((entry: { partialFingerprints: object }) =>
    JSON.stringify(entry.partialFingerprints),
  )
  expect(new Set(prints).size).toBe(3)
})

test('a fault keeps its fingerprint when lines are added above it', () => {
  const printOf = (line: number) => {
    const moved = { ...fault, at: range('a.yaml', line, 1) }
    return JSON.parse(gitlabOf([moved]))[0].fingerprint
  }
  expect(printOf(3)).toBe(printOf(30))
})

test('code scanning gets its first 5,000, errors before warnings', () => {
  const many = [...Array<Diagnostic>(5_000).fill(remark), fault]
  const log = JSON.parse(sarifOf(many))
  expect(log.runs[0].results).toHaveLength(5_000)
  expect(log.runs[0].results[0].ruleId).toBe('VPN201')
})

test('file names become URI references', () => {
  expect(sarif.fileUri('./vpn/a b#.yaml')).toBe('vpn/a%20b%23.yaml')
  expect(sarif.fileUri('vpn\\a.yaml')).toBe('vpn/a.yaml')
  expect(sarif.fileUri('/etc/vpn.yaml')).toBe('file:///etc/vpn.yaml')
  expect(sarif.fileUri('C:\\vpn.yaml')).toBe('file:///C:/vpn.yaml')
})

test('GitLab gets a list of code quality entries', () => {
  expect(JSON.parse(gitlabOf([fault, remark]))).toEqual([
    {
      description: 'unknown field "a:b", 100% (remove it)',
      check_name: 'VPN201',
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
      severity: 'major',
      location: { path: 'vpn/fra,1.yaml', lines: { begin: 34 } },
    },
    expect.objectContaining({ severity: 'minor', location: { path: 'vpn.yaml', lines: { begin: 1 } } }),
  ])
  expect(gitlabOf([])).toBe('[]\n')
})

test('Azure gets logging commands with absolute paths, escaped', () => {
  const hostile = { ...fault, message: '100%]x;##vso[task.complete]\n' }
  expect(azure.render(diagnosticsReport([hostile, remark]), { ...RENDER_OPTIONS, root: '/src/' })).toBe(`\
##vso[task.logissue type=error;sourcepath=/src/vpn/fra,1.yaml;linenumber=34;columnnumber=9;code=VPN201;]100%AZP25%5Dx%3B#\\x23vso[task.complete%5D\\n (remove it)
##vso[task.logissue type=warning;code=VPN312;]two\\nlines #\\x23[error%5Dx
`)
})
