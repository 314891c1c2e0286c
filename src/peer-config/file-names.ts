import { createHash } from 'node:crypto'

// IFNAMSIZ of Linux without its final zero; wg-quick(8) refuses longer names.
const LONGEST_INTERFACE = 15
const DIGEST_LENGTH = 4

/** A name that wg-quick accepts for an interface: the same where it can be, else shortened, with a part of a digest. */
export function interfaceName(name: string): string {
  const plain = fileName(name).replace(/[^A-Za-z0-9_=+.-]+/g, '-')
  if (plain === name && name.length <= LONGEST_INTERFACE) return name
  const digest = createHash('sha256').update(name).digest('hex').slice(0, DIGEST_LENGTH)
  return `${plain.slice(0, LONGEST_INTERFACE - DIGEST_LENGTH - 1).replace(/[-.]+$/, '')}-${digest}`
}

/** A name as that of a file: no separators, no dots in front, letters and digits of ASCII. */
export function fileName(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9_=+.-]+/g, '-').replace(/^[-.]+|[-.]+$/g, '')
  return plain === '' ? 'x' : plain
}
