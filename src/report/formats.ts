import { escapedDocument, type SafeText, safeText } from '../model/safe-text.ts'
import type { RenderOptions, Report, Subject } from './report.ts'

interface Format {
  readonly subjects: readonly Subject[]
  readonly load: () => Promise<{ readonly render: (report: Report, options: RenderOptions) => string }>
}

const ALL: readonly Subject[] = ['plan', 'drift', 'diagnostics', 'apply']

// Loaded when asked for: a run writes one or two of them.
const FORMATS = {
  text: { subjects: ALL, load: () => import('./formats/text.ts') },
  json: { subjects: ALL, load: () => import('./formats/json.ts') },
  markdown: { subjects: ['plan', 'drift'], load: () => import('./formats/markdown.ts') },
  junit: { subjects: ['drift', 'apply'], load: () => import('./formats/junit.ts') },
  github: { subjects: ALL, load: () => import('./formats/github.ts') },
  gitlab: { subjects: ALL, load: () => import('./formats/gitlab.ts') },
  sarif: { subjects: ALL, load: () => import('./formats/sarif.ts') },
  azure: { subjects: ALL, load: () => import('./formats/azure.ts') },
  tfjson: { subjects: ['plan'], load: () => import('./formats/tfjson.ts') },
  dotenv: { subjects: ['plan', 'drift', 'apply'], load: () => import('./formats/dotenv.ts') },
} as const satisfies Readonly<Record<string, Format>>

/** The name of a format. */
export type FormatName = keyof typeof FORMATS

/** The formats that a subject has, in the order of help. */
export function formatsOf(subject: Subject): readonly FormatName[] {
  const entries = Object.entries(FORMATS) as [FormatName, Format][]
  return entries.filter(([, { subjects }]) => subjects.includes(subject)).map(([name]) => name)
}

/** The report in one format, for a file. The same report gives the same bytes. */
export async function renderReport(
  report: Report,
  format: FormatName,
  options: RenderOptions,
): Promise<string> {
  const { render } = await FORMATS[format].load()
  return render(report, options)
}

/**
 * The report in one format, for the log of a pipeline: commands to the pipeline come with the text for people, which is
 * last, since the end of a log is what is kept.
 */
export async function renderLog(
  report: Report,
  format: FormatName,
  options: RenderOptions,
): Promise<SafeText> {
  const own = await renderReport(report, format, options)
  if (format === 'text') return safeText(own, options.text)
  // Each format escapes what others wrote by its own rules.
  if (format !== 'github' && format !== 'azure') return escapedDocument(own)
  const text = safeText(report.text(options.text), options.text)
  if (text === '' || format === 'azure') return escapedDocument(`${own}${text}`)
  const { withoutCommands } = await import('./formats/github.ts')
  return escapedDocument(`${own}${withoutCommands(text, options.token())}`)
}
