/** `Secrets: 4 cannot be compared · 6 are not set here`; empty where there are none. */
export function secretsLine(writeOnly: number, unresolved: number): string {
  const parts = [
    ...(writeOnly === 0 ? [] : [`${writeOnly} cannot be compared`]),
    ...(unresolved === 0 ? [] : [`${unresolved} ${unresolved === 1 ? 'is' : 'are'} not set here`]),
  ]
  return parts.length === 0 ? '' : `Secrets: ${parts.join(' · ')}`
}
