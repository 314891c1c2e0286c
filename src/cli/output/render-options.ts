import type { FileName } from '../../report/diagnostics/relocate.ts'
import type { PlanMarkdownOptions } from '../../report/plan/markdown.ts'
import type { Context } from '../context.ts'
import { codeHost } from './code-host.ts'
import { unguessable } from './github-files.ts'
import type { MarkdownFlags } from './reports.ts'

/** What reports of every kind take from the code host and the flags. */
export interface RenderOptions {
  readonly markdown: PlanMarkdownOptions
  readonly fileName: FileName
  readonly root: string
  /** For `::stop-commands::`: nobody can foresee it. */
  readonly token: string
}

/** How reports look at the host that this run is on. */
export function renderOptions(context: Context, flags: MarkdownFlags, sourceName: string): RenderOptions {
  const host = codeHost(context.io, flags.sourceUrl)
  return {
    markdown: {
      flavor: flags.markdownFlavor ?? host.flavor,
      ...(flags.markdownLimit === undefined ? {} : { limit: flags.markdownLimit }),
      linkTo: host.linkTo,
      sourceName,
    },
    fileName: host.fileName,
    root: context.io.cwd,
    token: unguessable(context.io.randomBytes),
  }
}
