import type { Scalar } from 'yaml'
import type { Diagnostic, SourceRange } from '../model/diagnostic.ts'
import type { Variables } from './variables.ts'
import { references, variableName } from './variables.ts'

/** The text of a plain scalar that YAML reads as a number of another text (007, 1.10, 0x10, 20 digits); else undefined. */
export function rewrittenNumber({ type, value, source }: Scalar): string | undefined {
  const isNumber = typeof value === 'number' || typeof value === 'bigint'
  return isNumber && type === 'PLAIN' && source !== undefined && String(value) !== source ? source : undefined
}

/** That a number is not what is in the file. */
export function rewrittenWarning(written: string, value: unknown, at: SourceRange): Diagnostic {
  return {
    severity: 'warning',
    code: 'VPN124',
    message: `${written} is read as the number ${value}`,
    hint: `${bothForms(written, String(value))}; for a number write ${value}`,
    at,
  }
}

/** Variables in the text of a name whose value YAML reads as another text: the name, and the id with it, would differ. */
export function rewrittenInName(text: string, variables: Variables, at: SourceRange): readonly Diagnostic[] {
  return references(text).flatMap(({ inner }) => {
    const name = inner === undefined ? undefined : variableName(inner)
    const variable = name === undefined ? undefined : variables.values.get(name)
    if (variable?.written === undefined) return []
    return [
      {
        severity: 'error',
        code: 'VPN123',
        message: `this name uses the variable "${name}", whose value ${variable.written} is read as the number ${variable.text}`,
        hint: bothForms(variable.written, variable.text),
        at,
      } as const,
    ]
  })
}

function bothForms(written: string, read: string): string {
  return `write the value in quotes: ${JSON.stringify(written)} to keep it as it is, or ${JSON.stringify(read)}`
}
