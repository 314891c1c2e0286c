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
]
