import type { Drift } from '../../drift/types.ts'
import { withoutCommands } from '../diagnostics/github.ts'
import type { FileName } from '../diagnostics/relocate.ts'
import { renderDotenv } from '../plan/outputs.ts'
import type { DriftFormat } from '../writing/format-names.ts'
import { renderDriftJson } from './json.ts'
import { renderDriftJunit } from './junit.ts'
import { type DriftMarkdownOptions, renderDriftMarkdown } from './markdown.ts'
import {
  driftOutputs,
  renderDriftAzure,
  renderDriftFactsAzure,
  renderDriftGithub,
  renderDriftGitlab,
} from './pipelines.ts'
import { type DriftTextOptions, renderDriftText } from './text.ts'

/** All that the forms need to know beside the drift. */
export interface DriftRenderOptions {
  readonly text: DriftTextOptions
  readonly markdown: DriftMarkdownOptions
  readonly checkedAtMs: number
  /** What a file is called from the root of the repository: code hosts put remarks there. */
  readonly fileName: FileName
  /** The folder that relative names of files start at. */
  readonly root: string
  /** Nobody can guess it; fences text that others wrote from the commands of GitHub. */
  readonly token: string
}

/** The drift in one form, for a file. */
export function renderDrift(drift: Drift, format: DriftFormat, look: DriftRenderOptions): string {
  switch (format) {
    case 'text':
      return renderDriftText(drift, look.text)
    case 'json':
      return renderDriftJson(drift, look.checkedAtMs)
    case 'markdown':
      return renderDriftMarkdown(drift, look.markdown)
    case 'junit':
      return renderDriftJunit(drift)
    case 'github':
      return renderDriftGithub(drift, look.fileName)
    case 'gitlab':
      return renderDriftGitlab(drift)
    case 'azure':
      return `${renderDriftAzure(drift, look.root)}${renderDriftFactsAzure(drift)}`
    case 'dotenv':
      return renderDotenv(driftOutputs(drift))
    default:
      return format satisfies never
  }
}

/** The drift in one form, for the log of a pipeline: commands to the pipeline come with the text for people. */
export function renderDriftLog(drift: Drift, format: DriftFormat, look: DriftRenderOptions): string {
  const own = renderDrift(drift, format, look)
  switch (format) {
    case 'github':
      return `${own}${withoutCommands(renderDriftText(drift, look.text), look.token)}`
    case 'azure':
      return `${own}${renderDriftText(drift, look.text)}`
    default:
      return own
  }
}
