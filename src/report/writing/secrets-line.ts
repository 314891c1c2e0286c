/** `Secrets: 4 cannot be compared · 6 have no usable value here`; empty where there are none. */
export function secretsLine(writeOnly: number, unresolved: number): string {
  const parts = [
    ...(writeOnly === 0 ? [] : [`${writeOnly} cannot be compared`]),
    ...(unresolved === 0 ? [] : [`${unresolved} ${unresolved === 1 ? 'has' : 'have'} no usable value here`]),
  ]
  return parts.length === 0 ? '' : `Secrets: ${parts.join(' · ')}`
}
