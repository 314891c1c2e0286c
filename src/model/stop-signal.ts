/** Signals that ask a run to stop. */
export const STOP_SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const

/** A signal that asks a run to stop. */
export type StopSignal = (typeof STOP_SIGNALS)[number]
