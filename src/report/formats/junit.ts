import type { Report, TestCase } from '../report.ts'
import { safeLine } from '../writing/safe-text.ts'

/**
 * JUnit XML, as the test tabs of GitLab, Jenkins and Azure Pipelines read it: a test case for each resource, failed
 * where something is wrong, skipped where all of it is accepted. Ends in a newline.
 */
export function render({ tests, subject }: Report): string {
  const { name, cases } = tests?.() ?? { name: '', cases: [] }
  const failures = cases.filter(({ failure }) => failure !== undefined).length
  const skipped = cases.filter((each) => each.failure === undefined && each.skipped !== undefined).length
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="vpnctl ${subject}" ${counts}>`,
    `  <testsuite name=${attribute(name)} ${counts}>`,
    ...cases.map(testCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function testCase({ kind, name, failure, skipped }: TestCase): string {
  const open = `    <testcase classname=${attribute(kind)} name=${attribute(name)}`
  if (failure !== undefined) {
    const { type, message, details } = failure
    return [
      `${open}>`,
      `      <failure type=${attribute(type)} message=${attribute(message)}>${xmlText(details)}</failure>`,
      '    </testcase>',
    ].join('\n')
  }
  if (skipped === undefined) return `${open} />`
  return [`${open}>`, `      <skipped message=${attribute(skipped)} />`, '    </testcase>'].join('\n')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

// XML 1.0 cannot contain these; they are the non-characters that `safeLine` leaves.
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
