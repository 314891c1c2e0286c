import { safeText } from '../../model/safe-text.ts'
import type { RenderOptions, Report } from '../report.ts'

/** Text for people; a report in a file is printed later on. */
export function render(report: Report, { text }: RenderOptions): string {
  return safeText(report.text(text), text)
}
