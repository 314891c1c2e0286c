import { readLive } from '../../../engine/read-live.ts'
import { DEFAULT_LOCATION } from '../../../kinds/locations.ts'
import { optional } from '../../../model/optional.ts'
import { type Status, statusOf } from '../../../plan/status.ts'
import type { ProbeResult } from '../../../probe/verdict.ts'
import { renderProbes } from '../../../report/probe/text.ts'
import { renderStatusCsv } from '../../../report/status/csv.ts'
import { statusDocument } from '../../../report/status/json.ts'
import { renderStatus } from '../../../report/status/text.ts'
import { safeJson } from '../../../report/writing/safe-text.ts'
import type { Context } from '../../context.ts'
import { optionalFile } from '../../files/optional-file.ts'
import type { FileFlags, LocationFlags, RemoteFlags } from '../../flags/options.ts'
import { liveBlock } from '../../output/live-block.ts'
import { whileReading } from '../../output/progress.ts'
import { yamlText } from '../../output/yaml-text.ts'
import { locationChoice, withStackSession } from '../../session/stack-session.ts'
import { probeExit } from '../probe/exit.ts'
import type { STATUS_FORMATS } from './choices.ts'
import { isFlat, isNarrowed, type SelectFlags, select } from './select.ts'

/** Flags of `status`. */
export interface StatusFlags extends FileFlags, RemoteFlags, LocationFlags, SelectFlags {
  readonly watch?: boolean
  readonly probe?: boolean
  readonly interval: number
  readonly wide?: boolean
  readonly format: (typeof STATUS_FORMATS)[number]
}

/** `vpnctl status`. */
export async function run(context: Context, flags: StatusFlags): Promise<number> {
  return withStatus(context, flags, 'everywhere', async (read) => {
    if (flags.watch === true) await watch(context, flags, read)
    else {
      const probing = flags.probe === true ? await import('./probes.ts') : undefined
      const wanted = await probing?.probesOf(context, flags)
      const status = await whileReading(context, read)
      const probes = await wanted?.(status)
      context.out(textOf(context, flags, status, probes))
      if (probes !== undefined) return probeExit(probes)
    }
    return 0
  })
}

/**
 * Reads what is live; called with the way to do so, which can be gone again and again. `everywhere`: what the stack of
 * the file owns in other locations too.
 */
export async function withStatus<T>(
  context: Context,
  flags: FileFlags & RemoteFlags & LocationFlags,
  where: 'everywhere' | 'named',
  work: (
    read: (onProgress?: Parameters<Parameters<typeof whileReading>[1]>[0]) => Promise<Status>,
  ) => Promise<T>,
): Promise<T> {
  const file = await optionalFile(context, flags)
  const { stack, locationLimit } = file
  const choice = locationChoice(flags)
  const isAnyNamed = file.locations.length + (choice.locations ?? []).length > 0
  const read = { locations: isAnyNamed ? file.locations : [DEFAULT_LOCATION], locationLimit }
  const isWide = where === 'everywhere' && stack !== undefined
  return withStackSession(context, flags, read, choice, (session, { others, ...rest }) =>
    work(async (onProgress) => {
      const live = await readLive({ ...read, stack: stack ?? '' }, session.remote, {
        ...rest,
        ...optional({ others: isWide ? others : undefined, onProgress }),
      })
      const asOf = new Date(context.io.clock.now()).toISOString()
      return statusOf(live, { stack, desired: file.desired, asOf })
    }),
  )
}

type Read = () => Promise<Status>

// Ctrl-C is how a watch ends: no failure.
async function watch(context: Context, flags: StatusFlags, read: Read): Promise<void> {
  const { stdout, clock } = context.io
  const isLive = stdout.isTTY && !context.json && !context.verbose
  const block = isLive ? await liveBlock(stdout) : undefined
  let before = ''
  while (!context.stopping.aborted) {
    const status = await read().catch((error: unknown) => {
      if (context.stopping.aborted) return undefined
      throw error
    })
    if (status === undefined) break
    const text = textOf(context, flags, status)
    const seen = JSON.stringify(statusDocument(select(status, flags), 0))
    const time = new Date(clock.now()).toISOString().slice(0, 19).replace('T', ' ')
    if (block !== undefined) block.draw(`${text}\n${context.style.out.quiet(`${time} UTC, Ctrl-C ends`)}`)
    else if (seen !== before) context.out(context.json ? text : `${time} UTC\n${text}\n`)
    before = seen
    await clock.sleep(flags.interval, context.stopping)
  }
  block?.done()
}

function textOf(context: Context, flags: StatusFlags, all: Status, probes?: readonly ProbeResult[]): string {
  const { stdout, clock } = context.io
  const nowMs = clock.now()
  const status = select(all, flags)
  switch (flags.format) {
    case 'json':
      return `${safeJson(statusDocument(status, nowMs, probes))}\n`
    case 'yaml':
      return yamlText(statusDocument(status, nowMs, probes))
    case 'csv':
      return renderStatusCsv(status)
    case 'text':
    case 'wide': {
      const table = renderStatus(status, {
        style: context.style.out,
        // A file or another program gets all of it.
        width: stdout.columns() ?? Number.POSITIVE_INFINITY,
        nowMs,
        wide: flags.wide === true || flags.format === 'wide',
        tree: !isFlat(flags),
        narrowed: isNarrowed(flags),
      })
      return probes === undefined ? table : `${table}\n${renderProbes(probes, context.style.out)}`
    }
    default:
      return flags.format satisfies never
  }
}
