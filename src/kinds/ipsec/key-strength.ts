import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'

// 10^15 guesses, about 50 bits: whoever poses as the other end once can try keys offline (RFC 7296, 2.15).
const LEAST_GUESSES_LOG10 = 15
// The estimate takes time that grows faster than the key. A random key is strong after its first characters already.
const LENGTHS = [20, 128]

// Of ways to read digits as letters: with the default of 100, a random key in hexadecimal takes seven times as long.
const MOST_SUBSTITUTIONS = 5

const estimator = new ZxcvbnFactory({
  dictionary,
  graphs: adjacencyGraphs,
  l33tMaxSubstitutions: MOST_SUBSTITUTIONS,
})

/** Whether someone with a list of passwords and of the patterns that people use finds the key. */
export function isGuessable(key: string): boolean {
  return LENGTHS.every((length) => estimator.check(key.slice(0, length)).guessesLog10 < LEAST_GUESSES_LOG10)
}
