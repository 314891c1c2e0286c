/** A number in [0, 1). */
export type Random = () => number

/** The same seed gives the same numbers. mulberry32: enough for choices and faults, not for keys. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A version 4 UUID, as the API makes them. */
export function randomUuid(random: Random): string {
  const digit = (): string => Math.floor(random() * 16).toString(16)
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'
    .replace(/x/g, digit)
    .replace('y', () => (8 + Math.floor(random() * 4)).toString(16))
}
