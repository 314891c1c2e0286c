import { createHash } from 'node:crypto'
import type { Remark } from '../report.ts'

/**
 * One fingerprint per remark, the same after lines were added above it: made of code, file, address and message, and of
 * its number among equal ones.
 */
export function fingerprints(
  remarks: readonly Remark[],
  fileName: (file: string) => string,
): readonly string[] {
  const seen = new Map<string, number>()
  return remarks.map(({ code, at, address, message }) => {
    const file = at === undefined ? '' : fileName(at.file)
    const facts = [code, file, address ?? '', message].join('\0')
    const number = seen.get(facts) ?? 0
    seen.set(facts, number + 1)
    return createHash('sha256').update(`${facts}\0${number}`).digest('hex').slice(0, 32)
  })
}
