// BLAKE2s with a key and a short output (RFC 7693): OpenSSL's hash has neither, and WireGuard's MACs need both.
const IV = Uint32Array.of(
  0x6a09e667,
  0xbb67ae85,
  0x3c6ef372,
  0xa54ff53a,
  0x510e527f,
  0x9b05688c,
  0x1f83d9ab,
  0x5be0cd19,
)
// Section 2.7: the order of the message words in each of the ten rounds.
const SIGMA = [
  '0123456789abcdef',
  'ea489fd61c02b753',
  'b8c052fdae367194',
  '7931dcbe265a40f8',
  '905724afe1bc683d',
  '2c6a0b834d75fe19',
  'c51fed4a0763928b',
  'db7ec13950f4862a',
  '6fe9b308c2d714a5',
  'a2847615fb9e3cd0',
].map((row) => [...row].map((digit) => Number.parseInt(digit, 16)))
const BLOCK = 64
const WORD = 2 ** 32

/** The keyed MAC of a message. */
export function blake2sMac(key: Uint8Array, message: Uint8Array, length: number): Buffer {
  const state = Uint32Array.from(IV)
  state[0] = (state[0] ?? 0) ^ 0x01010000 ^ (key.length << 8) ^ length
  const padded = Buffer.alloc(BLOCK)
  padded.set(key)
  const input = Buffer.concat([padded, message])
  for (let at = 0; at < input.length; at += BLOCK) {
    const end = Math.min(at + BLOCK, input.length)
    const block = Buffer.alloc(BLOCK)
    input.copy(block, 0, at, end)
    compress(state, block, end, end === input.length)
  }
  const output = Buffer.alloc(32)
  state.forEach((word, index) => {
    output.writeUInt32LE(word, index * 4)
  })
  return output.subarray(0, length)
}

function compress(state: Uint32Array, block: Buffer, counter: number, isLast: boolean): void {
  const v = new Uint32Array(16)
  v.set(state)
  v.set(IV, 8)
  v[12] = (v[12] ?? 0) ^ (counter % WORD)
  if (isLast) v[14] = ~(v[14] ?? 0)
  const words = Array.from({ length: 16 }, (_, index) => block.readUInt32LE(index * 4))
  for (const order of SIGMA) {
    const word = (index: number): number => words[order[index] ?? 0] ?? 0
    for (let column = 0; column < 4; column += 1)
      mix(v, [column, column + 4, column + 8, column + 12], word(2 * column), word(2 * column + 1))
    for (let diagonal = 0; diagonal < 4; diagonal += 1)
      mix(
        v,
        [diagonal, 4 + ((diagonal + 1) % 4), 8 + ((diagonal + 2) % 4), 12 + ((diagonal + 3) % 4)],
        word(8 + 2 * diagonal),
        word(9 + 2 * diagonal),
      )
  }
  for (let index = 0; index < 8; index += 1)
    state[index] = (state[index] ?? 0) ^ (v[index] ?? 0) ^ (v[index + 8] ?? 0)
}

type Quarter = readonly [number, number, number, number]

function mix(v: Uint32Array, [a, b, c, d]: Quarter, x: number, y: number): void {
  const at = (index: number): number => v[index] ?? 0
  v[a] = at(a) + at(b) + x
  v[d] = rotate(at(d) ^ at(a), 16)
  v[c] = at(c) + at(d)
  v[b] = rotate(at(b) ^ at(c), 12)
  v[a] = at(a) + at(b) + y
  v[d] = rotate(at(d) ^ at(a), 8)
  v[c] = at(c) + at(d)
  v[b] = rotate(at(b) ^ at(c), 7)
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits))
}
