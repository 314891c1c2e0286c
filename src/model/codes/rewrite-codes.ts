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
  [
    'VPN602',
    'Text of several resources',
    'The resource is written once and used in several places, by an alias or a merge key.',
    'An id written there would be the id of all of them.',
    'Write the resource out on its own, or write the id by hand where the anchor is used.',
    '- *anna',
    '- { name: anna, id: 0b1f6e1c-3c0a-4c57-9e0b-1c5d2f3a4b5c, publicKey: ..., allowedIPs: [10.99.0.2/32] }',
  ],
  [
    'VPN603',
    'Id cannot be written',
    'There is no place for a line with the id that would leave the rest of the file as it is.',
    'A file that is changed by a program has to say the same as before, but for the id.',
    'Write the id by hand, next to the name.',
    '? name\n: hq',
    'name: hq\nid: 0b1f6e1c-3c0a-4c57-9e0b-1c5d2f3a4b5c',
  ],
]
