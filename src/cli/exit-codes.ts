import type { ApiErrorReason } from '../model/errors.ts'
import type { StopSignal } from '../model/stop-signal.ts'

/**
 * Exit codes, stable by semver; also shown by `--help`, `help exit-codes` and the docs. `retry`: whether the same command
 * may succeed when nothing but time has passed.
 */
export const EXIT_CODES = {
  ok: {
    code: 0,
    retry: '-',
    meaning: 'done, or nothing to do (a plan with changes too, unless --detailed-exitcode)',
  },
  error: { code: 1, retry: 'no', meaning: 'any other error' },
  changes: {
    code: 2,
    retry: 'no',
    meaning:
      'changes are pending (plan --detailed-exitcode), there is drift (drift), or a file is not formatted (fmt --check)',
  },
  invalid: {
    code: 3,
    retry: 'no',
    meaning: 'the desired state is invalid, or a secret that is sent has no value',
  },
  denied: { code: 4, retry: 'no', meaning: 'authentication or permission' },
  unreachable: { code: 5, retry: 'yes', meaning: 'the API cannot be reached or keeps refusing' },
  refused: {
    code: 6,
    retry: 'no',
    meaning:
      'refused by a safety rule: delete limit, protect, name in use, existing file, or a live change that the plan would undo',
  },
  stale: { code: 7, retry: 'no', meaning: 'the saved plan is stale: make a new one' },
  partial: {
    code: 8,
    retry: 'once',
    meaning:
      'applied in part: a change failed (where the cause is one of those of 9, the code is 9); the report lists what is left',
  },
  notConverged: {
    code: 9,
    retry: 'yes',
    meaning:
      'not done yet: the run took longer than --timeout, a resource is FAILED or not ready, someone changed it during the run, live differs after an apply, or a probe failed',
  },
  usage: {
    code: 64,
    retry: 'no',
    meaning:
      'wrong usage: unknown command or flag, missing or unknown argument, or no terminal for a question',
  },
  sighup: { code: 129, retry: 'yes', meaning: 'stopped by SIGHUP' },
  sigint: { code: 130, retry: 'yes', meaning: 'stopped by SIGINT (Ctrl-C)' },
  sigterm: { code: 143, retry: 'yes', meaning: 'stopped by SIGTERM' },
} as const

/** How a run ended, by name. */
export type ExitName = keyof typeof EXIT_CODES

/** The number of an exit. */
export function exitCode(name: ExitName): number {
  return EXIT_CODES[name].code
}

/** How a run ends that nothing but an error of the API ended. */
export const EXIT_OF_API_ERROR: Readonly<Record<ApiErrorReason, ExitName>> = {
  network: 'unreachable',
  protocol: 'unreachable',
  unauthenticated: 'denied',
  forbidden: 'denied',
  'not-found': 'error',
  conflict: 'error',
  rejected: 'error',
  throttled: 'unreachable',
  unavailable: 'unreachable',
  aborted: 'notConverged',
}

/** How a run ends that a signal stopped. */
export const EXIT_OF_SIGNAL: Readonly<Record<StopSignal, ExitName>> = {
  SIGHUP: 'sighup',
  SIGINT: 'sigint',
  SIGTERM: 'sigterm',
}
