import type { SourceRange } from '../model/diagnostic.ts'
import type { Section } from './writing/markdown-budget.ts'
import type { MarkdownFlavor } from './writing/markdown-parts.ts'

/** What a report is about. */
export type Subject = 'plan' | 'drift' | 'diagnostics' | 'apply'

/** One thing that a reader should know, with its place in the files. */
export interface Remark {
  readonly severity: 'error' | 'warning' | 'notice'
  /** A code of `vpnctl explain`, or a name such as `drift-changed`. */
  readonly code: string
  readonly title: string
  readonly message: string
  readonly hint?: string
  readonly at?: SourceRange
  readonly address?: string
  readonly related?: readonly { readonly at: SourceRange; readonly message: string }[]
}

/** A value that a later step of a pipeline can use. */
export type Fact = readonly [name: string, value: string]

/** How text for people is laid out. */
export interface TextOptions {
  readonly color: boolean
  /** Columns of the terminal; nothing is folded without it. */
  readonly width?: number
  /** What the desired state was read from. */
  readonly sourceName?: string
  /** Every detail, however much there is. */
  readonly verbose?: boolean
  /** Texts of the files, for code frames. */
  readonly sources?: ReadonlyMap<string, string>
  /** The files and the API of the run as the end of another command: ` -f vpn/ --sandbox`. */
  readonly inputs?: string
}

/** How a report is shown in a pull request or an issue. */
export interface MarkdownOptions {
  /** `plain` has no HTML and no alert boxes, for Bitbucket and Azure DevOps. `github` unless given. */
  readonly flavor?: MarkdownFlavor
  /** Bytes; 60,000 unless given. GitHub accepts 65,536 characters. */
  readonly limit?: number
  /** The address of a line of a file. */
  readonly linkTo?: (file: string, line: number) => string | undefined
  /** The run that made the report. */
  readonly runUrl?: string
  readonly sourceName?: string
  /** The files and the API of the run, as the end of a command that the report proposes. */
  readonly inputs?: string
}

/** One resource as a test case of JUnit. */
export interface TestCase {
  readonly kind: string
  readonly name: string
  readonly failure?: { readonly type: string; readonly message: string; readonly details: string }
  readonly skipped?: string
}

/** All that a run has to report about its subject. Each format is one fold over this value. */
export interface Report {
  readonly subject: Subject
  readonly remarks: readonly Remark[]
  readonly facts: readonly Fact[]
  readonly text: (options: TextOptions) => string
  /** The published JSON document. */
  readonly document: () => unknown
  /** The parts of a comment, in the order of reading. */
  readonly sections?: (options: MarkdownOptions) => readonly Section[]
  /** The numbers of GitLab's merge request widget. */
  readonly counts?: { readonly create: number; readonly update: number; readonly delete: number }
  readonly tests?: () => { readonly name: string; readonly cases: readonly TestCase[] }
  /** The document of `terraform show -json`. */
  readonly terraform?: () => unknown
  /** The headline and the last line of a chat message. */
  readonly chat?: (sourceName: string) => { readonly title: string; readonly verdict: string }
}

/** Title, explanation and fix of a code. */
export interface RuleText {
  readonly title: string
  readonly description: string
  readonly help: string
}

/** All that the formats need to know in addition to the report. */
export interface RenderOptions {
  readonly text: TextOptions
  readonly markdown: MarkdownOptions
  /** What a file is called from the root of the repository: code hosts show remarks there. */
  readonly fileName: (file: string) => string
  /** The folder that relative file names start at. */
  readonly root: string
  /** An unpredictable string that fences text of others from the commands of GitHub. Made when asked: it loads cryptography. */
  readonly token: () => string
  /** The version of vpnctl. */
  readonly version: string
  /** Texts of codes, for formats that carry them. */
  readonly rules?: ReadonlyMap<string, RuleText>
}
