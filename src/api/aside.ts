import { kindsUnder } from '../kinds/index.ts'
import { canonicalLocation, LOCATIONS } from '../kinds/locations.ts'
import { createConcurrency } from './concurrency.ts'
import type { SendRun } from './send.ts'
import { createTransport, DEFAULT_REQUEST_TIMEOUT_MS } from './transport.ts'

const TIMEOUT_MS = 3000
// One round for the lists at the top of every location.
const PARALLELISM = kindsUnder(null).length * new Set(Object.keys(LOCATIONS).map(canonicalLocation)).size

/**
 * The same run for reads that it can do without: they are sent once, end after 3 s, wait behind no other request, and
 * whatever is answered neither ends the run nor slows it down. A 429 says nothing about the location: what it refuses is
 * sent again for 3 s. `maxRps` and the counts are those of the run.
 */
export function asideOf(run: SendRun): SendRun {
  const options = {
    ...run.options,
    attempts: 1,
    parallelism: PARALLELISM,
    requestTimeoutMs: Math.min(TIMEOUT_MS, run.options.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS),
  }
  const { clock, over, pace } = run
  return {
    ...run,
    options,
    transport: options.transport ?? createTransport(options),
    concurrency: createConcurrency(PARALLELISM),
    throttledMs: TIMEOUT_MS,
    pace: {
      turn: options.maxRps === undefined ? async () => clock.now() : pace.turn,
      slowDown: () => undefined,
      restart: () => undefined,
      pause: () => undefined,
      recover: () => undefined,
    },
    over: { signal: over.signal, abort: () => undefined },
    // A host that is not reached here says nothing about the way to the others, nor does a pause that it asks for.
    reached: new Set(),
    pause: {},
  }
}
