/** Removes from a text what must not be shown. */
export type Redactor = (text: string) => string

const SHOWN_INSTEAD = '(secret)'
// Servers shorten what they echo. A run of this many characters in common is no coincidence for a key or a token.
const TELLING_LENGTH = 10

/** Cuts every whole occurrence of `secrets`, in the spellings of JSON and URLs too, and every telling piece of one. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const whole = [...new Set(secrets.filter((secret) => secret !== '').flatMap(spellings))].sort(
    (a, b) => b.length - a.length,
  )
  return (text) => {
    if (text === '') return text
    let cut = text
    for (const secret of whole) cut = cut.replaceAll(secret, SHOWN_INSTEAD)
    return cutPieces(cut, whole)
  }
}

function spellings(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeUri(secret)]
}

function encodeUri(text: string): string {
  try {
    return encodeURIComponent(text)
  } catch {
    // A lone surrogate has no spelling in a URL.
    return text
  }
}

function cutPieces(text: string, secrets: readonly string[]): string {
  const pieces = new Set<string>()
  for (const secret of secrets) {
    for (let at = 0; at + TELLING_LENGTH <= secret.length; at++)
      pieces.add(secret.slice(at, at + TELLING_LENGTH))
  }
  if (pieces.size === 0) return text
  let kept = ''
  let at = 0
  while (at < text.length) {
    let end = at
    while (pieces.has(text.slice(end, end + TELLING_LENGTH))) end += 1
    if (end === at) {
      kept += text.charAt(at)
      at += 1
    } else {
      kept += SHOWN_INSTEAD
      at = end + TELLING_LENGTH - 1
    }
  }
  return kept
}
