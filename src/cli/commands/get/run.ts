import { stringify } from 'yaml'
import { didYouMeanAny, suggestAddresses } from '../../../plan/address/suggest.ts'
import { findStatus, type Status } from '../../../plan/status.ts'
import { resourceDocument } from '../../../report/status/json.ts'
import { safeJson, safeLine } from '../../../report/writing/safe-text.ts'
import type { Context } from '../../context.ts'
import { Failure } from '../../failure.ts'
import type { FileFlags, RemoteFlags } from '../../flags/options.ts'
import { whileReading } from '../../output/progress.ts'
import { withStatus } from '../status/run.ts'

/** Flags of `get`. */
export interface GetFlags extends FileFlags, RemoteFlags {
  readonly location?: readonly string[]
  readonly format: 'yaml' | 'json'
}

/** `vpnctl get`. */
export async function getResource(context: Context, wanted: string, flags: GetFlags): Promise<number> {
  return withStatus(context, flags, 'named', async (read) => {
    const status = await whileReading(context, read)
    const found = findStatus(status, wanted)
    const [only, another] = found
    if (only === undefined) throw missing(status, wanted)
    if (another !== undefined) {
      const choices = found.map(({ live, address }) => `${live.location}:${address} with id ${live.id}`)
      throw new Failure('error', `${wanted} means ${found.length} resources`, {
        hint: `name one by its id: ${choices.join(', ')}`,
      })
    }
    const document = resourceDocument(only)
    context.out(
      flags.format === 'json'
        ? `${safeJson(document, 2)}\n`
        : stringify(document, (_, value: unknown) => (typeof value === 'string' ? safeLines(value) : value), {
            lineWidth: 0,
            // Lines of a block would be lines of a log.
            blockQuote: false,
          }),
    )
    return 0
  })
}

function missing(status: Status, wanted: string): Failure {
  const live = status.locations.flatMap(({ location, items }) =>
    items.map(({ address }) => ({ address, location })),
  )
  const where = status.locations.map(({ location }) => location).join(', ')
  return new Failure(
    'error',
    `there is no ${wanted} live in ${where}${didYouMeanAny(suggestAddresses(wanted, live))}`,
    {
      hint: 'vpnctl status shows what there is; --location reads another location too',
    },
  )
}

// What others wrote must not reach a terminal as it stands; JSON has it in full.
function safeLines(text: string): string {
  return text.split('\n').map(safeLine).join('\n')
}
