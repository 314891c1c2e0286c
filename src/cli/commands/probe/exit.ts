import { isFailing, type ProbeResult } from '../../../probe/verdict.ts'
import { exitCode } from '../../exit-codes.ts'

/** 9 where something that should answer does not. */
export function probeExit(results: readonly ProbeResult[]): number {
  return exitCode(results.some(({ verdict }) => isFailing(verdict)) ? 'notConverged' : 'ok')
}
