import { EXIT_CODES, type ExitName } from './exit-codes.ts'

const OFFLINE: readonly ExitName[] = ['ok', 'error', 'usage']
const FILES: readonly ExitName[] = ['ok', 'error', 'invalid', 'usage']
const READING: readonly ExitName[] = [
  'ok',
  'error',
  'denied',
  'unreachable',
  'notConverged',
  'usage',
  'sigint',
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
  'sigint',
]
const WRITING: readonly ExitName[] = [...PLANNING.slice(0, -1), 'partial', 'sigint', 'sigterm']

// How each command can end, beside a fault of the program itself.
const EXITS: Readonly<Record<string, readonly ExitName[]>> = {
  init: OFFLINE,
  validate: FILES,
  plan: [...PLANNING, 'changes'],
  show: [...OFFLINE, 'changes', 'refused'],
  apply: [...WRITING, 'stale'],
  drift: [...PLANNING, 'changes'],
  destroy: WRITING,
  status: READING,
  get: READING,
  graph: PLANNING,
  explain: OFFLINE,
  'peer-config': [...READING, 'invalid'],
  fmt: [...FILES, 'changes'],
  export: [...READING, 'invalid'],
  adopt: PLANNING,
  keygen: OFFLINE,
  doctor: READING,
  completion: OFFLINE,
  sandbox: OFFLINE,
  schema: OFFLINE,
  help: OFFLINE,
}

/** How a command can end, in the order of the codes; all ways for one that is not in the table. */
export function exitsOf(command: string): readonly ExitName[] {
  const names = new Set(EXITS[command] ?? (Object.keys(EXIT_CODES) as ExitName[]))
  return (Object.keys(EXIT_CODES) as ExitName[]).filter((name) => names.has(name))
}

/** True when somebody thought of how this command ends. */
export function hasExits(command: string): boolean {
  return Object.hasOwn(EXITS, command)
}
