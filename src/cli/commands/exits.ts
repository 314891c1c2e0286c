import type { ExitName } from '../exit-codes.ts'

// How commands can end, other than by an error of the program itself.

/** A command that reads and writes no file of the desired state. */
export const OFFLINE: readonly ExitName[] = ['ok', 'error', 'usage']
/** A command that writes a file that must not exist yet. */
export const NEW_FILE: readonly ExitName[] = [...OFFLINE, 'refused']
/** A command that reads the files alone. */
export const FILES: readonly ExitName[] = ['ok', 'error', 'invalid', 'usage']
/** A command that reads the API. */
export const READING: readonly ExitName[] = [
  ...OFFLINE,
  'denied',
  'unreachable',
  'notConverged',
  'sighup',
  'sigint',
  'sigterm',
]
/** A command that plans from the files and the API. */
export const PLANNING: readonly ExitName[] = [...READING, 'invalid', 'refused']
/** A command that writes to the API. */
export const WRITING: readonly ExitName[] = [...PLANNING, 'partial']

/** What two codes of many commands mean. */
export const CHANGES = 'changes are pending (with --detailed-exitcode)'
export const FILE_EXISTS = 'refused: the file already exists (--force replaces it)'
