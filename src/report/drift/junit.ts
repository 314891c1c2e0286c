import type { Drift, DriftFinding, DriftResource, Ignored } from '../../drift/types.ts'
import { layoutRows } from '../writing/rows.ts'
import { safeLine } from '../writing/safe-text.ts'
import { alarmsOf, findingRows, findingText, whoText } from './words.ts'

/**
 * Drift as JUnit XML, as the test tabs of GitLab, Jenkins and Azure Pipelines read it: a test case for each resource
 * that was looked at, failed where it differs, skipped where all that differs is accepted. Ends in a newline.
 */
export function renderDriftJunit(drift: Drift): string {
  const found = byKey(drift.findings, ({ key }) => key)
  const accepted = byKey(drift.ignored, ({ finding }) => finding.key)
  const cases = drift.resources.map((resource) =>
    testCase(resource, found.get(resource.key) ?? [], accepted.get(resource.key) ?? []),
  )
  const failures = drift.resources.filter(({ key }) => found.has(key)).length
  const skipped = drift.resources.filter(({ key }) => !found.has(key) && accepted.has(key)).length
  const counts = `tests="${drift.resources.length}" failures="${failures}" errors="0" skipped="${skipped}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="vpnctl drift" ${counts}>`,
    `  <testsuite name=${attribute(`vpnctl drift ${drift.stack}`)} ${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function byKey<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}

function testCase(
  { address, target }: DriftResource,
  findings: readonly DriftFinding[],
  ignored: readonly Ignored[],
): string {
  const open = `    <testcase classname=${attribute(target.kind.name)} name=${attribute(address)}`
  // One failure at the most: some readers count failures and not cases.
  const [first] = findings
  if (first !== undefined) {
    const message = findings.map(findingText).join('; ')
    const body = findings.map(details).join('\n\n')
    return [
      `${open}>`,
      `      <failure type=${attribute(first.severity)} message=${attribute(message)}>${xmlText(body)}</failure>`,
      '    </testcase>',
    ].join('\n')
  }
  if (ignored.length === 0) return `${open} />`
  const why = ignored.map(({ finding, by }) =>
    [findingText(finding), ...(by.reason === undefined ? [] : [by.reason])].join(': '),
  )
  return [
    `${open}>`,
    `      <skipped message=${attribute(`ignored: ${why.join('; ')}`)} />`,
    '    </testcase>',
  ].join('\n')
}

function details(finding: DriftFinding): string {
  return [
    `${finding.severity}: ${safeLine(finding.address)} ${findingText(finding)}`,
    ...whoText(finding),
    ...alarmsOf(finding).map((alarm) => `URGENT: ${safeLine(alarm)}`),
    ...layoutRows(findingRows(finding), Number.POSITIVE_INFINITY).map(({ text }) => text),
  ].join('\n')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

// XML 1.0 has no way at all to write these; what `safeLine` leaves of them are the non-characters.
const FORBIDDEN = /[\ufffe\uffff]/g

function xmlText(text: string): string {
  return text
    .split('\n')
    .map((line) => safeLine(line).replace(FORBIDDEN, '\ufffd'))
    .join('\n')
    .replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char)
}

function attribute(text: string): string {
  return `"${xmlText(safeLine(text))}"`
}
