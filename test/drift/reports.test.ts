import { XMLParser, XMLValidator } from 'fast-xml-parser'
import parsePrometheus from 'parse-prometheus-text-format'
import { describe, expect, test } from 'vitest'
import { codeHost } from '../../src/cli/output/code-host.ts'
import { findDrift } from '../../src/drift/drift.ts'
import type { Drift } from '../../src/drift/types.ts'
import type { DriftIgnore } from '../../src/model/file-lists.ts'
import type { DesiredResource, LiveResource } from '../../src/model/resource.ts'
import { Secret } from '../../src/model/secret.ts'
import { type RunFacts, renderDriftMetrics, renderFailedMetrics } from '../../src/report/drift/metrics.ts'
import { driftReport } from '../../src/report/drift/report.ts'
import { renderDriftText } from '../../src/report/drift/text.ts'
import * as azure from '../../src/report/formats/azure.ts'
import { renderSlack, renderTeams } from '../../src/report/formats/chat.ts'
import * as github from '../../src/report/formats/github.ts'
import * as gitlab from '../../src/report/formats/gitlab.ts'
import * as json from '../../src/report/formats/json.ts'
import * as junit from '../../src/report/formats/junit.ts'
import { renderMarkdown } from '../../src/report/formats/markdown.ts'
import type { MarkdownOptions } from '../../src/report/report.ts'
import {
  gateway,
  ipsecGatewayOf,
  LOCATION,
  liveOf,
  METADATA,
  peer,
  STACK,
  tunnelOf,
} from '../support/plan-builder.ts'
import { RENDER_OPTIONS } from '../support/render-options.ts'
import { faultsOf } from '../support/report-schemas.ts'

const NOW = Date.parse('2026-06-15T12:00:00Z')
const OTHER_KEY = 'AUZamfNQEsqO/M8dQQikOYVVHO/6RRyf9ZXK/86l3mc='
const HOSTILE = ']]>&<b>"x"\'@team `|` ::error::pwn ##vso[x]\u001b[31m\nnext\u202e<!channel> *bold* \ufffe'

const reportOf = (drift: Drift) => driftReport(drift, NOW)
const renderDriftMarkdown = (drift: Drift, options: MarkdownOptions = {}) =>
  renderMarkdown(reportOf(drift), options)
const githubOf = (drift: Drift, fileName = (file: string) => file) =>
  github.render(reportOf(drift), { ...RENDER_OPTIONS, fileName })
const azureOf = (drift: Drift) => azure.render(reportOf(drift), RENDER_OPTIONS)

function driftOf(
  desired: readonly DesiredResource[],
  live: readonly LiveResource[],
  driftIgnores: readonly DriftIgnore[] = [],
  stack = STACK,
): Drift {
  return findDrift(
    { stack, locations: [LOCATION], resources: desired, protectedPatterns: [], driftIgnores },
    { locations: [LOCATION], resources: live },
    { targets: [], ignores: [], stuckAfterMs: 3_600_000, nowMs: NOW },
  )
}

function unowned(number: number, name: string): LiveResource {
  const id = `11111111-1111-4111-8111-${String(number).padStart(12, '0')}`
  return liveOf(peer(hq, name, { publicKey: 'cm9ndWU=' }), {}, { id, metadata: METADATA })
}

const hq = gateway('hq', {}, { line: 5 })
const anna = peer(hq, 'anna', {}, { line: 12 })
const ben = peer(hq, 'ben', { publicKey: OTHER_KEY, allowedIPs: ['10.99.0.3/32'] }, { line: 15 })
const lost = peer(hq, 'lost', { publicKey: 'bG9zdA==', allowedIPs: ['10.99.0.4/32'] }, { line: 18 })
const branch = ipsecGatewayOf('branch')
const tunnel = tunnelOf(branch, 'berlin', 'vpn.berlin.example.com', {
  variable: 'K',
  value: new Secret('throw-away-psk'),
})

// One of everything.
const drift = driftOf(
  [hq, anna, ben, lost, branch, tunnel],
  [
    liveOf(
      hq,
      { description: 'by hand', tier: 'PREMIUM', futureField: 'throw-away-unknown' },
      { metadata: METADATA },
    ),
    liveOf(anna, { publicKey: OTHER_KEY, allowedIPs: ['10.99.0.9/32'] }, { metadata: METADATA }),
    liveOf(ben, {}, { status: 'PROVISIONING', metadata: METADATA }),
    liveOf(peer(hq, 'left-over'), {}, { metadata: METADATA }),
    unowned(1, 'rogue'),
    unowned(2, 'trial'),
    liveOf(branch, {}, { id: '22222222-2222-4222-8222-222222222222', metadata: METADATA }),
  ],
  [
    { pattern: '*/trial', reason: 'until the audit', until: '2026-12-31' },
    { pattern: 'wireguardgateways/hq:tier', until: '2026-01-31' },
  ],
)
const none = driftOf([hq, anna], [liveOf(hq), liveOf(anna)])
const hostile = driftOf(
  [hq],
  [liveOf(hq, { description: HOSTILE }), { ...unowned(1, HOSTILE), metadata: { createdBy: HOSTILE } }],
  [],
  HOSTILE,
)
const many = driftOf(
  [hq],
  [liveOf(hq), ...Array.from({ length: 900 }, (_, index) => unowned(index, `rogue-${index}`))],
)

test('the drift of these tests has one of everything', () => {
  expect(drift.summary.byState).toEqual({
    changed: 2,
    missing: 1,
    unmanaged: 1,
    extra: 1,
    failed: 0,
    stuck: 1,
    conflict: 1,
  })
  expect(drift.ignored).toHaveLength(1)
})

describe('text', () => {
  const text = renderDriftText(drift, { color: false })

  test('ends in the worst, a line each, and the verdict', () => {
    const last = text.trimEnd().split('\n').slice(-8)
    expect(last[0]).toMatch(
      /^CRITICAL wireguardgateways\/hq\/peers\/anna differs in publicKey, allowedIPs · last change 2026-03-01 09:30 UTC by erika@example\.com$/,
    )
    expect(last.at(-1)).toBe(
      'Drift: 2 critical, 5 warnings, in 7 of 8 resources, 1 of them unmanaged (1 ignored, 1 cannot be compared, 1 diagnostic).',
    )
    expect(Buffer.byteLength(last.join('\n'))).toBeLessThan(2048)
  })

  test('shows field by field what is and what should be', () => {
    expect(text).toContain(
      `publicKey    is ${OTHER_KEY}, should be HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=`,
    )
    expect(text).toContain('allowedIPs   unexpected: 10.99.0.9/32')
    expect(text).toContain('missing: 10.99.0.2/32')
    expect(text).toContain('is "by hand", should be empty')
    expect(text).toMatch(/tier +is PREMIUM, should be STANDARD {3}\(default\)/)
  })

  test('shows who made what no file has, what is stuck since when, and how to take over a resource of the same name', () => {
    expect(text).toContain(
      'is unmanaged: not in the files, not owned by this stack · created 2025-11-02 08:00 UTC by max@example.com',
    )
    expect(text).toContain('status is PROVISIONING since 2026-03-01 09:30 UTC')
    expect(text).toContain('id: 22222222-2222-4222-8222-222222222222')
  })

  test('lists what is ignored only when asked', () => {
    const line = 'ignored  wireguardgateways/hq/peers/trial'
    expect(text).not.toContain(line)
    expect(renderDriftText(drift, { color: false, verbose: true })).toContain(line)
  })

  test('is one line when there is nothing to report', () => {
    expect(renderDriftText(none, { color: false, sourceName: 'vpn.yaml' })).toBe(
      'No drift. Live state matches vpn.yaml (2 resources).\n',
    )
  })

  test('keeps the verdict last however much there is', () => {
    const lines = renderDriftText(many, { color: false }).trimEnd().split('\n')
    expect(lines.at(-2)).toBe('... and 890 more')
    expect(lines.at(-1)).toBe('Drift: 900 critical, in 900 of 901 resources, 900 of them unmanaged.')
  })
})

describe('JSON', () => {
  test.each([
    ['one of everything', drift],
    ['nothing', none],
    ['hostile names', hostile],
  ])('of %s is of the published schema', (_, each) => {
    const document = JSON.parse(json.render(reportOf(each)))
    expect(faultsOf('drift', document)).toEqual([])
    expect(document.drifted).toBe(each.findings.length > 0)
  })

  test('shows is and should be, lists by their members too', () => {
    const document = JSON.parse(json.render(reportOf(drift)))
    const found = document.findings.find(({ name }: { name: string }) => name === 'anna')
    expect(found).toMatchObject({
      state: 'changed',
      severity: 'critical',
      at: { file: 'vpn.yaml', line: 12 },
      live: { lastModifiedBy: 'erika@example.com', lastModifiedDate: '2026-03-01T09:30:00Z' },
    })
    expect(found.fields[1]).toEqual({
      path: 'allowedIPs',
      secret: false,
      severity: 'warning',
      is: ['10.99.0.9/32'],
      shouldBe: ['10.99.0.2/32'],
      unexpected: ['10.99.0.9/32'],
      missing: ['10.99.0.2/32'],
    })
  })

  test('the schema refuses a secret that carries a value', () => {
    const document = JSON.parse(json.render(reportOf(drift)))
    document.findings[0].fields.push({ path: 'x', secret: true, source: 'env X', is: 'leak' })
    expect(faultsOf('drift', document)).not.toEqual([])
  })
})

describe('markdown', () => {
  const markdown = renderDriftMarkdown(drift)

  test('begins with a marker that finds it again and the verdict, and has a row for each finding', () => {
    const [marker, headline] = markdown.split('\n')
    expect(marker).toBe('<!-- vpnctl:drift stack=test version=1 -->')
    expect(headline).toBe('### vpnctl drift · `test`: 2 **critical**, 5 warnings')
    expect(markdown.split('\n').filter((line) => /^\| (🔴|🟠|⚪) \|/u.test(line))).toHaveLength(
      drift.findings.length,
    )
  })

  test('is the same tomorrow', () => {
    const tomorrow = findDrift(
      { stack: STACK, locations: [LOCATION], resources: [ben], protectedPatterns: [] },
      { locations: [LOCATION], resources: [liveOf(ben, {}, { status: 'PROVISIONING', metadata: METADATA })] },
      { targets: [], ignores: [], stuckAfterMs: 3_600_000, nowMs: NOW + 86_400_000 },
    )
    const today = findDrift(
      { stack: STACK, locations: [LOCATION], resources: [ben], protectedPatterns: [] },
      { locations: [LOCATION], resources: [liveOf(ben, {}, { status: 'PROVISIONING', metadata: METADATA })] },
      { targets: [], ignores: [], stuckAfterMs: 3_600_000, nowMs: NOW },
    )
    expect(renderDriftMarkdown(tomorrow)).toBe(renderDriftMarkdown(today))
  })

  test('stays below the limit and says what it left out', () => {
    const text = renderDriftMarkdown(many, { limit: 20_000 })
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(20_000)
    expect(text).toMatch(/… \d+ more/)
    expect(text).toContain('900 **critical**')
  })
})

describe('JUnit', () => {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name) => name === 'testcase',
  })

  test('has a case for each resource, failed, skipped or passed', () => {
    const xml = junit.render(reportOf(drift))
    expect(XMLValidator.validate(xml)).toBe(true)
    const suite = parser.parse(xml).testsuites.testsuite
    expect(suite).toMatchObject({ tests: '8', failures: '7', skipped: '1', errors: '0' })
    const cases: Record<string, { failure?: unknown; skipped?: unknown; classname: string }> =
      Object.fromEntries(suite.testcase.map((each: { name: string }) => [each.name, each]))
    expect(Object.keys(cases)).toHaveLength(8)
    expect(cases['wireguardgateways/hq/peers/rogue']).toMatchObject({
      classname: 'wireguard-peer',
      failure: { type: 'critical', message: 'is unmanaged: not in the files, not owned by this stack' },
    })
    expect(cases['wireguardgateways/hq/peers/trial']?.skipped).toMatchObject({
      message: expect.stringContaining('until the audit'),
    })
    expect(parser.parse(junit.render(reportOf(none))).testsuites.testsuite).toMatchObject({
      tests: '2',
      failures: '0',
    })
  })

  test('no name breaks out of it', () => {
    const xml = junit.render(reportOf(hostile))
    expect(XMLValidator.validate(xml)).toBe(true)
    const suite = parser.parse(xml).testsuites.testsuite
    expect(suite.testcase).toHaveLength(2)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what must not be there
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/)
  })
})

describe('pipelines', () => {
  test('GitHub shows each difference where it is written, the worst as errors', () => {
    const text = githubOf(drift, (file) => `infra/${file}`)
    expect(text).toMatch(
      /^::error file=infra\/vpn\.yaml,line=12,.*title=drift%3A changed::wireguardgateways\/hq\/peers\/anna /m,
    )
    expect(text).toMatch(
      /^::error title=drift%3A unmanaged::wireguardgateways\/hq\/peers\/rogue .*max@example\.com/m,
    )
    expect(text.split('\n').filter((line) => line.startsWith('::warning'))).toHaveLength(6)
    expect(githubOf(many).trimEnd().split('\n')).toHaveLength(10)
  })

  test('hostile names stay on their line and within their command', () => {
    const logged = azure.renderRemarks(reportOf(hostile).remarks, '/root')
    for (const text of [githubOf(hostile), logged]) {
      expect(text.trimEnd().split('\n')).toHaveLength(2)
      expect(text).not.toContain('\u001b')
      expect(text.replace(/^##vso\[task\.logissue/gm, '')).not.toContain('##vso[')
    }
  })

  test('Azure knows errors and warnings', () => {
    expect(azureOf(drift)).toMatch(
      /^##vso\[task\.logissue type=error;sourcepath=\/src\/vpn\.yaml;linenumber=12;columnnumber=5;code=drift-changed;\]/m,
    )
  })

  test('GitLab gets numbers', () => {
    expect(JSON.parse(gitlab.render(reportOf(drift), RENDER_OPTIONS))).toEqual({
      create: 1,
      update: 4,
      delete: 2,
    })
  })

  test('later steps get facts', () => {
    expect(Object.fromEntries(reportOf(drift).facts)).toMatchObject({
      drifted: 'true',
      critical: '2',
      unmanaged: '1',
    })
    expect(Object.fromEntries(reportOf(none).facts)).toMatchObject({ drifted: 'false', critical: '0' })
  })
})

describe('metrics', () => {
  const facts: RunFacts = {
    version: '1.2.3',
    stack: STACK,
    finishedAtMs: NOW,
    durationMs: 1500,
    requests: 7,
    retries: 2,
  }
  type Family = ReturnType<typeof parsePrometheus>[number]
  const read = (text: string): Map<string, Family> =>
    new Map(parsePrometheus(text).map((family) => [family.name, family]))
  const only = (families: Map<string, Family>, name: string): number =>
    Number(families.get(name)?.metrics[0]?.value)

  test('a parser of Prometheus reads all of it', () => {
    const families = read(renderDriftMetrics(drift, facts))
    expect([...families.values()].every(({ type, help }) => type === 'GAUGE' && help !== '')).toBe(true)
    expect(only(families, 'vpnctl_last_run_timestamp_seconds')).toBe(NOW / 1000)
    expect(only(families, 'vpnctl_last_success_timestamp_seconds')).toBe(NOW / 1000)
    expect(only(families, 'vpnctl_last_run_success')).toBe(1)
    expect(only(families, 'vpnctl_run_duration_seconds')).toBe(1.5)
    expect(only(families, 'vpnctl_api_requests')).toBe(7)
    expect(only(families, 'vpnctl_api_retries')).toBe(2)
    const bySeverity = families
      .get('vpnctl_drift_findings')
      ?.metrics.map(({ labels, value }) => [labels?.severity, value])
    expect(bySeverity).toEqual([
      ['critical', '2'],
      ['warning', '5'],
      ['notice', '0'],
    ])
    const states = families
      .get('vpnctl_resources')
      ?.metrics.filter(({ labels, value }) => labels?.kind === 'wireguard-peer' && value !== '0')
      .map(({ labels, value }) => `${labels?.state} ${value}`)
    expect(states).toEqual(['changed 1', 'missing 1', 'unmanaged 2', 'extra 1', 'stuck 1'])
  })

  test('a label holds any name of a stack', () => {
    const stack = 'a "b" \\ c\nd'
    const families = read(renderDriftMetrics(none, { ...facts, stack }))
    expect(families.get('vpnctl_api_requests')?.metrics[0]?.labels?.stack).toBe(stack)
  })

  const FILE = '/var/lib/node_exporter/vpn.prom'
  const labelsOf = (text: string): unknown[] =>
    [...read(text)].flatMap(([name, { metrics }]) =>
      name === 'vpnctl_build_info' ? [] : metrics.map(({ labels }) => labels),
    )

  test('a run with invalid files keeps the stack of the run before', () => {
    const stack = 'a "b" \\ c\nd\\n'
    const before = renderDriftMetrics(none, { ...facts, stack })
    const failed = renderFailedMetrics({ ...facts, stack: '' }, before, FILE)
    for (const labels of labelsOf(failed)) expect(labels).toEqual({ stack })
    expect(only(read(failed), 'vpnctl_last_success_timestamp_seconds')).toBe(NOW / 1000)
    for (const labels of labelsOf(renderFailedMetrics({ ...facts, stack: '' }, failed, FILE)))
      expect(labels).toEqual({ stack })
  })

  test('a run with invalid files keeps the stack of a run that failed too', () => {
    const before = renderFailedMetrics(facts, '', FILE)
    for (const labels of labelsOf(renderFailedMetrics({ ...facts, stack: '' }, before, FILE)))
      expect(labels).toEqual({ stack: facts.stack })
  })

  test('invalid files of two stacks never give the same series', () => {
    const unknown = { ...facts, stack: '' }
    const [one, two] = ['/a.prom', '/b.prom'].map((file) => labelsOf(renderFailedMetrics(unknown, '', file)))
    expect(one?.length).toBeGreaterThan(3)
    for (const labels of one ?? []) expect(labels).toEqual({ metrics_file: '/a.prom' })
    for (const labels of two ?? []) expect(labels).toEqual({ metrics_file: '/b.prom' })
  })

  test('the last success of another stack is not taken over', () => {
    const before = renderDriftMetrics(none, { ...facts, stack: 'other' })
    const failed = renderFailedMetrics(facts, before, FILE)
    expect(read(failed).has('vpnctl_last_success_timestamp_seconds')).toBe(false)
  })

  test('a failed run keeps the last success, and says nothing about resources', () => {
    const before = renderDriftMetrics(none, facts)
    const failed = renderFailedMetrics({ ...facts, finishedAtMs: NOW + 60_000 }, before, FILE)
    const families = read(failed)
    expect(only(families, 'vpnctl_last_run_success')).toBe(0)
    expect(only(families, 'vpnctl_last_run_timestamp_seconds')).toBe(NOW / 1000 + 60)
    expect(only(families, 'vpnctl_last_success_timestamp_seconds')).toBe(NOW / 1000)
    expect(families.has('vpnctl_resources')).toBe(false)
    expect(
      read(renderFailedMetrics(facts, 'garbage', FILE)).has('vpnctl_last_success_timestamp_seconds'),
    ).toBe(false)
    // Twice in a row too.
    expect(
      only(read(renderFailedMetrics(facts, failed, FILE)), 'vpnctl_last_success_timestamp_seconds'),
    ).toBe(NOW / 1000)
  })
})

describe('chat', () => {
  test('Slack takes it: plain text of its sizes', () => {
    for (const each of [drift, none, hostile, many]) {
      const message = JSON.parse(renderSlack(reportOf(each), 'vpn.yaml'))
      expect(message.blocks.length).toBeLessThanOrEqual(50)
      for (const { type, text } of message.blocks) {
        expect(text.type).toBe('plain_text')
        expect(text.text.length).toBeLessThanOrEqual(type === 'header' ? 150 : 3000)
      }
      expect(message.text).not.toMatch(/[<>]/)
    }
    expect(renderSlack(reportOf(many), 'vpn.yaml')).toContain('… and 890 more')
  })

  test.each([
    [
      {
        GITHUB_ACTIONS: 'true',
        GITHUB_SERVER_URL: 'https://github.example.com',
        GITHUB_REPOSITORY: 'example/network',
        GITHUB_RUN_ID: '42',
      },
      'https://github.example.com/example/network/actions/runs/42',
    ],
    [
      {
        GITLAB_CI: 'true',
        CI_PROJECT_PATH: 'example/network',
        CI_JOB_URL: 'https://gitlab.example.com/example/network/-/jobs/42',
      },
      'https://gitlab.example.com/example/network/-/jobs/42',
    ],
    [
      {
        BITBUCKET_BUILD_NUMBER: '42',
        BITBUCKET_REPO_FULL_NAME: 'example/network',
        BITBUCKET_GIT_HTTP_ORIGIN: 'https://bitbucket.example.com/example/network',
      },
      'https://bitbucket.example.com/example/network/pipelines/results/42',
    ],
    [
      {
        TF_BUILD: 'True',
        BUILD_REPOSITORY_NAME: 'example/network',
        SYSTEM_COLLECTIONURI: 'https://azure.example.com/acme/',
        SYSTEM_TEAMPROJECT: 'net works',
        BUILD_BUILDID: '42',
      },
      'https://azure.example.com/acme/net%20works/_build/results?buildId=42',
    ],
  ])('names the repository, the stack and the run, from %o', (env, url) => {
    const { run } = codeHost({ env, cwd: '/work' })
    const slack = JSON.parse(renderSlack(reportOf(drift), 'vpn.yaml', run))
    expect(slack.blocks[0].text.text).toContain(drift.stack)
    expect(slack.blocks[1].elements[0].elements).toEqual([
      { type: 'text', text: 'example/network · ' },
      { type: 'link', text: 'run', url },
    ])
    const { body } = JSON.parse(renderTeams(reportOf(drift), 'vpn.yaml', run)).attachments[0].content
    expect(body[0].inlines[0].text).toContain(drift.stack)
    expect(body[1].inlines).toEqual([
      { type: 'TextRun', text: 'example/network · ' },
      { type: 'TextRun', text: 'run', selectAction: { type: 'Action.OpenUrl', url } },
    ])
  })

  test('links to nothing that is not an address of the web', () => {
    const { run } = codeHost({ env: { GITLAB_CI: 'true', CI_JOB_URL: 'javascript:alert(1)' }, cwd: '/work' })
    expect(run).toEqual({})
    expect(JSON.parse(renderSlack(reportOf(none), 'vpn.yaml', run)).blocks).toHaveLength(2)
  })

  test('Teams takes it: a card below 28 KB without markdown', () => {
    for (const each of [drift, none, hostile, many]) {
      const text = renderTeams(reportOf(each), 'vpn.yaml')
      expect(Buffer.byteLength(text)).toBeLessThan(28_000)
      const { type, attachments } = JSON.parse(text)
      expect(type).toBe('message')
      expect(attachments).toHaveLength(1)
      expect(attachments[0].contentType).toBe('application/vnd.microsoft.card.adaptive')
      const { body, type: card, version } = attachments[0].content
      expect([card, version]).toEqual(['AdaptiveCard', '1.4'])
      expect(new Set(body.map((block: { type: string }) => block.type))).toEqual(new Set(['RichTextBlock']))
    }
  })
})

test('no form holds a secret, or a field that might be one', () => {
  const all = [
    renderDriftText(drift, { color: false, verbose: true }),
    json.render(reportOf(drift)),
    renderDriftMarkdown(drift),
    junit.render(reportOf(drift)),
    githubOf(drift),
    renderSlack(reportOf(drift), 'x'),
    renderTeams(reportOf(drift), 'x'),
  ]
  expect(all.join('\n')).not.toContain('throw-away')
})

test('hostile text is shown and not obeyed', () => {
  const text = renderDriftText(hostile, { color: false })
  const markdown = renderDriftMarkdown(hostile)
  for (const each of [text, markdown]) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what must not be there
    expect(each).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
    expect(each).not.toMatch(/^::error/m)
  }
  expect(markdown.replace(/`+[^`]+`+/g, '')).not.toContain('<b>')
})

test('on a narrow terminal drift is folded at spaces, and the list that repeats it is left to logs', () => {
  const seven = [1, 2, 3, 4, 5, 6, 7].map((number) => unowned(number, `unowned-${number}`))
  const text = renderDriftText(driftOf([hq], seven), { color: false, width: 60 })
  const titles = /^CRITICAL \S+$/
  for (const line of text.split('\n')) expect(line.length <= 60 || titles.test(line), line).toBe(true)
  expect(text.match(/^CRITICAL .*unowned-3\b/gm)).toHaveLength(1)
  const log = renderDriftText(driftOf([hq], seven), { color: false })
  expect(log.match(/^CRITICAL .*unowned-3\b/gm)).toHaveLength(2)
})
