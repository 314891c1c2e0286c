const LONGEST = 60

/** A value as a sentence quotes it, cut short where it is long. */
export function quote(value: unknown): string {
  const text = String(value)
  return JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)
}
