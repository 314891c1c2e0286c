import { closest, didYouMean } from '../model/closest.ts'
import type { Diagnostic, SourceRange } from '../model/diagnostic.ts'
import { references, type Variable, type Variables, variableName } from './variables.ts'

/** How the references of one text are to be taken. */
interface Situation {
  /** A text without quotes: a reference that is all of it gives the variable's own type. */
  readonly isPlain: boolean
  /** The text is the value of a variable and cannot refer to others. */
  readonly verbatim: boolean
  readonly variables: Variables
  readonly at: SourceRange
}

/** A text with every `${var.NAME}` replaced; `$${` means `${`. */
export function substitute(
  text: string,
  situation: Situation,
): { readonly value: string | number | boolean; readonly diagnostics: readonly Diagnostic[] } {
  const found = references(text)
  const diagnostics: Diagnostic[] = []
  let result = ''
  let done = 0
  for (const { start, end, inner } of found) {
    result += text.slice(done, start)
    done = end
    if (inner === undefined) {
      result += '${'
      continue
    }
    const looked = lookUp(inner, situation)
    if ('variable' in looked) {
      if (situation.isPlain && start === 0 && end === text.length)
        return { value: looked.variable.value, diagnostics }
      result += looked.variable.text
    } else {
      diagnostics.push(looked.problem)
      result += text.slice(start, end)
    }
  }
  return { value: result + text.slice(done), diagnostics }
}

function lookUp(
  inner: string,
  { verbatim, variables, at }: Situation,
): { readonly variable: Variable } | { readonly problem: Diagnostic } {
  const shown = `\${${inner}}`
  const name = variableName(inner)
  if (name === undefined) {
    return {
      problem: {
        severity: 'error',
        code: 'VPN118',
        message: `${shown} is not defined`,
        hint: `variables are written \${var.NAME}; for the text itself write $${shown}`,
        at,
      },
    }
  }
  if (verbatim) {
    return {
      problem: {
        severity: 'error',
        code: 'VPN117',
        message: 'a variable cannot refer to another one',
        hint: 'write the value itself',
        at,
      },
    }
  }
  variables.used.add(name)
  const variable = variables.values.get(name)
  if (variable !== undefined) return { variable }
  return {
    problem: {
      severity: 'error',
      code: 'VPN116',
      message: `unknown variable ${JSON.stringify(name)}${didYouMean(closest(name, variables.values.keys()))}`,
      hint: `give it under "vars:", in a --var-file, as VPNCTL_VAR_${name}, or with --var ${name}=VALUE`,
      at,
    },
  }
}
