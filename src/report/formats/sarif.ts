import type { SourceRange } from '../../model/diagnostic.ts'
import { fingerprints } from '../diagnostics/fingerprint.ts'
import type { Remark, RenderOptions, Report, RuleText } from '../report.ts'
import { safeJson } from '../writing/safe-text.ts'

// GitHub's code scanning accepts 25,000 results and shows 5,000.
const MAX_RESULTS = 5_000
const SEVERITIES = ['error', 'warning', 'notice'] as const
const LEVELS = { error: 'error', warning: 'warning', notice: 'note' } as const

/** A SARIF 2.1.0 log, for code scanning. Errors first where not all fit. Ends in a newline. */
export function render(report: Report, options: RenderOptions): string {
  const remarks = mostImportant(report.remarks)
  const rules = new Map(remarks.map(({ code, title }) => [code, title]))
  const codes = [...rules.keys()].sort()
  const ruleIndex = new Map(codes.map((code, index) => [code, index]))
  const prints = fingerprints(remarks, options.fileName)
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'vpnctl',
            version: options.version,
            rules: codes.map((code) => rule(code, rules.get(code) ?? code, options.rules?.get(code))),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: remarks.map((remark, index) => ({
          ...result(remark, ruleIndex.get(remark.code) ?? 0, options),
          partialFingerprints: { 'vpnctl/v1': prints[index] },
        })),
      },
    ],
  }
  return `${safeJson(log, 2)}\n`
}

function mostImportant(remarks: readonly Remark[]): readonly Remark[] {
  if (remarks.length <= MAX_RESULTS) return remarks
  return SEVERITIES.flatMap((severity) => remarks.filter((remark) => remark.severity === severity)).slice(
    0,
    MAX_RESULTS,
  )
}

function rule(code: string, title: string, text: RuleText | undefined): unknown {
  const { title: short = title, description = title, help = title } = text ?? {}
  return {
    id: code,
    shortDescription: { text: short },
    fullDescription: { text: description },
    help: { text: help },
  }
}

function result(remark: Remark, ruleIndex: number, options: RenderOptions): object {
  const { severity, code, message, hint, at, related = [] } = remark
  return {
    ruleId: code,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: hint === undefined ? message : `${message}\n${hint}` },
    locations: [{ physicalLocation: at === undefined ? firstLine(options) : physicalLocation(at, options) }],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((place, id) => ({
            id,
            message: { text: place.message },
            physicalLocation: physicalLocation(place.at, options),
          })),
        }),
  }
}

// Code scanning refuses the whole upload when one result has no location.
function firstLine({ text: { sourceName = 'vpn.yaml' }, fileName }: RenderOptions): unknown {
  const [first = 'vpn.yaml'] = sourceName.split(', ')
  return {
    artifactLocation: { uri: fileUri(fileName(first === '-' ? 'vpn.yaml' : first)) },
    region: { startLine: 1 },
  }
}

function physicalLocation({ file, start, end }: SourceRange, { fileName }: RenderOptions): unknown {
  return {
    artifactLocation: { uri: fileUri(fileName(file)) },
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
