/** Why no secret can have a value, whatever it is for. The message names neither the value nor a part of it. */
export interface UnusableSecret {
  readonly code: string
  readonly message: string
  readonly hint: string
}

// $(NAME) of Azure, ${NAME} and ${{ secrets.NAME }}, $NAME of shells (in capitals: $ecret is a password), %NAME% of Windows.
const PLACEHOLDER = /^(?:\$\([^()]*\)|\$\{\{?[^{}]*\}?\}|\$[A-Z_][A-Z0-9_]*|%[A-Za-z_]\w*%)$/
const LINE_BREAK = /[\n\r\u0085\u2028\u2029]/
// Controls, format characters, characters that look like a space, fillers.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u115f\u1160\u3164\uffa0]/u

/** Whether a text is the name of a variable that a pipeline left where its value belongs. */
export function isPlaceholder(text: string): boolean {
  return PLACEHOLDER.test(text.trim())
}

/** Looks for what is never meant as a part of a secret; undefined where there is none of it. */
export function unusableSecret(text: string): UnusableSecret | undefined {
  if (isPlaceholder(text)) {
    return {
      code: 'VPN409',
      message: 'is a placeholder that the pipeline did not replace',
      hint: 'define the variable in the pipeline, and let this job read it',
    }
  }
  if (LINE_BREAK.test(text)) {
    return {
      code: 'VPN410',
      message: 'has more than one line',
      hint: 'the value is the key alone, without comments',
    }
  }
  const [invisible] = INVISIBLE.exec(text) ?? []
  if (invisible === undefined) return undefined
  const code = (invisible.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return {
    code: 'VPN410',
    message: `contains an invisible character (U+${code})`,
    hint: 'copy the key again as plain text',
  }
}
