import type { Row } from './explanation.ts'

/** VPN520 to VPN526: what was read, and what is live beside the files. */
export const READING_CODES: readonly Row[] = [
  [
    'VPN520',
    'Location was not read',
    'Locations that no file names are read as well, for resources that this stack left there. Some could not be read, or must not be: their hosts are not those that your settings lead to.',
    'A gateway that left the file, or moved to another location, may still be live there, and is billed.',
    'Make the location reachable, put {location} into the endpoint, or name the locations that a run reads: `locations:` in the file, or --only-location.',
    'stack: acme-prod   # de/txl cannot be reached from here',
    'stack: acme-prod\nlocations: [de/fra]',
  ],
  [
    'VPN521',
    'Value of an unmanaged resource',
    'A resource of the file has a value, a public key for instance, that an unmanaged one on the same gateway has.',
    'Two live peers with one key: the gateway answers one of them, and which one changes.',
    'If both are the same, adopt the live one by its id. Otherwise delete it, or correct the file.',
    '- { name: anna-laptop, publicKey: ... }   # live as "anna", made by hand',
    '- { name: anna-laptop, id: 0b1f6e1c-3c0a-4c57-9e0b-1c5d2f3a4b5c, publicKey: ... }',
  ],
  [
    'VPN522',
    'Overlap with an unmanaged resource',
    'A resource of the file and an unmanaged one on the same gateway do not fit together, as two of the file would not.',
    'WireGuard gives a range to the last peer that claims it, so one of the two loses its traffic.',
    'If both are the same, adopt the live one by its id. Otherwise delete it, or correct the file.',
    '- { name: anna-laptop, allowedIPs: [10.99.0.2/32] }   # live as "anna", made by hand',
    '- { name: anna-laptop, id: 0b1f6e1c-3c0a-4c57-9e0b-1c5d2f3a4b5c, allowedIPs: [10.99.0.2/32] }',
  ],
]
