import { wayOut } from '../../../engine/way-out.ts'
import { optional } from '../../../model/optional.ts'
import { post } from '../../../notify/post.ts'
import { webhookProblem } from '../../../notify/webhook-url.ts'
import type { Context } from '../../context.ts'
import { Failure } from '../../failure.ts'
import { checkProxy } from '../../session/session.ts'
import { VERSION } from '../../version.ts'

/** Flags that say whom to notify. */
export interface WebhookFlags {
  readonly webhook?: string
  readonly webhookFormat: 'json' | 'slack' | 'teams'
  readonly webhookOn: 'drift' | 'always'
}

/** The address to notify, from the flag or the environment; a wrong one ends the run before any work is done. */
export function webhookUrl({ io }: Context, flags: WebhookFlags): string | undefined {
  const [source, url] =
    flags.webhook === undefined ? ['VPNCTL_WEBHOOK', io.env.VPNCTL_WEBHOOK] : ['--webhook', flags.webhook]
  if (url === undefined || url === '') return undefined
  const problem = webhookProblem(url)
  if (problem !== undefined) throw new Failure('usage', `${source} ${problem}`)
  checkProxy(io)
  return url
}

const WEBHOOK_TIMEOUT_MS = 10_000

/** Posts a report. That it does not arrive is a warning: the result of the run is what it was. */
export async function notify(context: Context, url: string, body: string): Promise<void> {
  const { proxy, proxyName, close } = await wayOut(context.io.env, 1, WEBHOOK_TIMEOUT_MS)
  const agent = proxy?.(new URL(url))
  const through = proxyName?.(new URL(url))
  const result = await post({
    url,
    body,
    userAgent: `vpnctl/${VERSION}`,
    timeoutMs: WEBHOOK_TIMEOUT_MS,
    clock: context.io.clock,
    signal: context.ending,
    ...optional({ agent, proxyName: through }),
  })
  await close()
  if (result.sent) return
  const tries = result.attempts === 1 ? 'once' : `${result.attempts} times`
  context.err(
    `${context.style.err.warning('warning:')} the webhook did not receive the report: ${result.why} (tried ${tries})\n`,
  )
}
