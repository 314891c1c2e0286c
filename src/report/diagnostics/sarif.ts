import { createHash } from 'node:crypto'
import type { Diagnostic, SourceRange } from '../../model/diagnostic.ts'
import { safeJson } from '../writing/safe-text.ts'

/** What is known about a code: its title, what it means and how to mend it. */
export interface RuleText {
  readonly title: string
  readonly help: string
}

/** Facts for a SARIF log that the diagnostics do not hold. */
export interface SarifOptions {
  readonly version: string
  readonly rules: ReadonlyMap<string, RuleText>
}

// GitHub's code scanning takes 25,000 results and shows 5,000.
const MOST_RESULTS = 5_000

/** Diagnostics as a SARIF 2.1.0 log, for code scanning. Errors first where not all fit. Ends in a newline. */
export function renderDiagnosticsSarif(diagnostics: readonly Diagnostic[], options: SarifOptions): string {
  return `${safeJson(sarifDocument(diagnostics, options), 2)}\n`
}

function sarifDocument(diagnostics: readonly Diagnostic[], options: SarifOptions): unknown {
  const codes = [...new Set(diagnostics.map((diagnostic) => diagnostic.code))].sort()
  const ruleIndex = new Map(codes.map((code, index) => [code, index]))
  const seen = new Map<string, number>()
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'vpnctl',
            version: options.version,
            rules: codes.map((code) => rule(code, options.rules.get(code))),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: mostImportant(diagnostics).map((diagnostic) =>
          result(diagnostic, ruleIndex.get(diagnostic.code) ?? 0, fingerprint(diagnostic, seen)),
        ),
      },
    ],
  }
}

function mostImportant(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  if (diagnostics.length <= MOST_RESULTS) return diagnostics
  const of = (severity: Diagnostic['severity']) => diagnostics.filter((each) => each.severity === severity)
  return [...of('error'), ...of('warning')].slice(0, MOST_RESULTS)
}

function rule(code: string, text: RuleText | undefined): unknown {
  return {
    id: code,
    ...(text === undefined ? {} : { shortDescription: { text: text.title }, help: { text: text.help } }),
  }
}

function result(diagnostic: Diagnostic, ruleIndex: number, print: string): unknown {
  const { severity, code, message, hint, at, related = [] } = diagnostic
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: hint === undefined ? message : `${message}\n${hint}` },
    ...(at === undefined ? {} : { locations: [{ physicalLocation: physicalLocation(at) }] }),
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((place, id) => ({
            id,
            message: { text: place.message },
            physicalLocation: physicalLocation(place.at),
          })),
        }),
    partialFingerprints: { 'vpnctl/v1': print },
  }
}

function physicalLocation({ file, start, end }: SourceRange): unknown {
  return {
    artifactLocation: { uri: fileUri(file) },
    region: {
      startLine: start.line,
      startColumn: start.column,
      endLine: end.line,
      endColumn: end.column,
    },
  }
}

/** A file name as a URI reference: every part encoded, relative ones left relative. */
export function fileUri(file: string): string {
  const path = file.replaceAll('\\', '/').replace(/^\.\//, '')
  const encoded = path
    .replace(/\p{Cs}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/')
  if (/^[A-Za-z]:\//.test(path)) return `file:///${encoded.replace('%3A', ':')}`
  return path.startsWith('/') ? `file://${encoded}` : encoded
}

/**
 * The same fault gives the same fingerprint after lines were added above it: made of code, file and message, and
 * of its number among equal ones.
 */
export function fingerprint(diagnostic: Diagnostic, seen: Map<string, number>): string {
  const facts = [
    diagnostic.code,
    diagnostic.at?.file ?? '',
    diagnostic.address ?? '',
    diagnostic.message,
  ].join('\0')
  const number = seen.get(facts) ?? 0
  seen.set(facts, number + 1)
  return createHash('sha256').update(`${facts}\0${number}`).digest('hex').slice(0, 32)
}
