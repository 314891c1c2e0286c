import type { Row } from './explanation.ts'

/** VPN6xx: files that the program writes. */
export const REWRITE_CODES: readonly Row[] = [
  [
    'VPN601',
    'File cannot be formatted',
    'It could not be shown that the formatted file says the same as before, with every comment in it.',
    'A formatter that changes what a file says is worse than none; the file was left alone.',
    'Write the place in a simpler way: one member a line, no "? key", no anchor name twice.',
    '? name\n: hq',
    'name: hq',
  ],
]
