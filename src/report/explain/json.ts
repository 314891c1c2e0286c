import type { Explanation } from '../../model/codes.ts'
import type { FieldDoc } from '../../model/field-doc.ts'
import { safeJson } from '../writing/safe-text.ts'

/** What `explain --format json` writes; described by schemas/explanation.schema.json. */
export interface ExplanationDocument {
  readonly format: 'vpnctl/explanation'
  readonly version: 2
  readonly codes: readonly Explanation[]
  readonly fields: readonly FieldDoc[]
}

/** Codes and fields as JSON text; fields below the first level only where `isRecursive`. */
export function renderExplanationJson(
  codes: readonly Explanation[],
  fields: readonly FieldDoc[],
  isRecursive: boolean,
): string {
  const document: ExplanationDocument = {
    format: 'vpnctl/explanation',
    version: 2,
    codes,
    fields: isRecursive ? fields : fields.map((field) => cut(field, 1)),
  }
  return `${safeJson(document, 2)}\n`
}

function cut(field: FieldDoc, levels: number): FieldDoc {
  return { ...field, fields: levels === 0 ? [] : field.fields.map((inner) => cut(inner, levels - 1)) }
}
