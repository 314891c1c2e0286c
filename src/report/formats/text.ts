import type { RenderOptions, Report } from '../report.ts'

/** Text for people. */
export function render(report: Report, { text }: RenderOptions): string {
  return report.text(text)
}
