const NAMED = 5

/** `a, b and 3 more`: the first addresses of a finding that is about many. */
export function firstOf(addresses: readonly string[]): string {
  const shown = addresses.slice(0, NAMED).join(', ')
  return addresses.length > NAMED ? `${shown} and ${addresses.length - NAMED} more` : shown
}
