import { EXIT_CODES, type ExitName } from '../exit-codes.ts'

const OFFLINE: readonly ExitName[] = ['ok', 'error', 'usage']
const NEW_FILE: readonly ExitName[] = [...OFFLINE, 'refused']
const FILES: readonly ExitName[] = ['ok', 'error', 'invalid', 'usage']
const READING: readonly ExitName[] = [
  'ok',
  'error',
  'denied',
  'unreachable',
  'notConverged',
  'usage',
  'sighup',
  'sigint',
  'sigterm',
]
const PLANNING: readonly ExitName[] = [
  'ok',
  'error',
  'invalid',
  'denied',
  'unreachable',
  'refused',
  'notConverged',
  'usage',
  'sighup',
  'sigint',
  'sigterm',
]
const WRITING: readonly ExitName[] = [...PLANNING, 'partial']

// How each command can end, other than by an error of the program itself.
const EXITS: Readonly<Record<string, readonly ExitName[]>> = {
  init: [...NEW_FILE, 'sighup', 'sigint', 'sigterm'],
  validate: FILES,
  plan: [...PLANNING, 'changes'],
  diff: [...FILES, 'changes', 'refused'],
  show: [...OFFLINE, 'changes', 'refused'],
  apply: [...WRITING, 'stale'],
  drift: [...PLANNING, 'changes'],
  destroy: WRITING,
  status: [...READING, 'invalid'],
  get: READING,
  access: PLANNING.filter((name) => name !== 'refused'),
  graph: PLANNING,
  probe: [...READING, 'invalid'],
  explain: OFFLINE,
  peer: [...READING, 'invalid', 'refused'],
  revoke: WRITING,
  rotate: WRITING,
  'peer-config': [...READING, 'invalid', 'refused'],
  fmt: [...FILES, 'changes'],
  export: [...READING, 'invalid', 'refused'],
  accept: [...PLANNING, 'partial'],
  import: OFFLINE,
  'import-terraform': [...NEW_FILE, 'invalid', 'sighup', 'sigint', 'sigterm'],
  adopt: PLANNING,
  keygen: NEW_FILE,
  doctor: READING,
  completion: OFFLINE,
  sandbox: OFFLINE,
  schema: OFFLINE,
  help: OFFLINE,
}

const CHANGES = 'changes are pending (with --detailed-exitcode)'
const FILE_IS_THERE = 'refused: the file already exists (--force replaces it)'

const USUAL: Partial<Record<ExitName, string>> = {
  ok: 'done, or nothing to do',
  refused: 'refused by a safety rule: delete limit, protect, name in use',
}

// What a code means where its general meaning says more than this command can mean.
const MEANINGS: Readonly<Record<string, Partial<Record<ExitName, string>>>> = {
  plan: { ok: 'done, also with changes unless --detailed-exitcode', changes: CHANGES },
  diff: {
    ok: 'done, also with differences unless --detailed-exitcode',
    changes: 'there are differences (with --detailed-exitcode)',
    refused: 'a plan of the later version would be refused',
  },
  show: { ok: 'done, also with changes unless --detailed-exitcode', changes: CHANGES },
  drift: { ok: 'no drift', changes: 'there is drift (--drift-exit-code changes the number)' },
  fmt: { changes: 'a file is not formatted (with --check)' },
  graph: { refused: 'refused: the file of --out already exists, and is not a diagram' },
  init: { refused: FILE_IS_THERE },
  keygen: { refused: FILE_IS_THERE },
  peer: { refused: FILE_IS_THERE },
  revoke: { notConverged: 'not ready in time, or the key is in use elsewhere too' },
  'peer-config': { refused: FILE_IS_THERE },
  'import-terraform': {
    invalid: 'the state cannot be imported, or the file that was written has errors',
    refused: FILE_IS_THERE,
  },
  export: { invalid: 'the file was written, and it has errors', refused: FILE_IS_THERE },
  accept: {
    invalid: 'the desired state is invalid, or a value cannot be edited; nothing was written',
    refused: 'a secret, or an unmanaged resource that only a pattern names; nothing was written',
    partial: 'something of --all-changed cannot be accepted; the rest was',
  },
  adopt: { refused: 'several live resources have the name of one in the files' },
}

/** What an exit of a command means. */
export function meaningOf(command: string, exit: ExitName): string {
  if (!hasExits(command)) return EXIT_CODES[exit].meaning
  return MEANINGS[command]?.[exit] ?? USUAL[exit] ?? EXIT_CODES[exit].meaning
}

/** How a command can end, in the order of the codes; all ways for one that is not in the table. */
export function exitsOf(command: string): readonly ExitName[] {
  const names = new Set(EXITS[command] ?? (Object.keys(EXIT_CODES) as ExitName[]))
  return (Object.keys(EXIT_CODES) as ExitName[]).filter((name) => names.has(name))
}

/** True when someone thought of how this command ends. */
export function hasExits(command: string): boolean {
  return Object.hasOwn(EXITS, command)
}
