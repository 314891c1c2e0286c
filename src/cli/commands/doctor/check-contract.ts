import type { Connection } from '../../../engine/connection.ts'
import { kindsUnder } from '../../../kinds/index.ts'
import { ApiError } from '../../../model/errors.ts'
import type { Collection, ResourceKind } from '../../../model/resource.ts'
import type { Context } from '../../context.ts'
import { apiFailure } from '../../failure.ts'
import type { RemoteFlags } from '../../flags/options.ts'
import { openRemote } from '../../session/session.ts'
import type { ApiCheck } from './check-api.ts'
import { comparePages, comparePaging, firstIds } from './contract.ts'

const PAGE = 100
// Children are read of so many gateways of a kind.
const PARENTS = 10

/**
 * Compares the answers of a location with the API that this version was built for: reads one page of each collection
 * at the top, and one page of children of each of the first gateways. Sends reads only; prints no value of a resource.
 */
export async function checkContract(
  context: Context,
  flags: RemoteFlags,
  connection: Connection,
  locations: readonly string[],
  unreached: ReadonlySet<string>,
): Promise<readonly ApiCheck[]> {
  const remote = await openRemote(context, flags, connection, { attempts: 2, signal: context.ending })
  const page = (collection: Collection, offset = 0, limit = PAGE): Promise<unknown> =>
    remote.page(collection, offset, limit)
  try {
    const checks: ApiCheck[] = []
    for (const location of locations) {
      if (unreached.has(location)) {
        checks.push(notCompared(`contract ${location}`, 'this location does not answer'))
        continue
      }
      for (const kind of kindsUnder(null)) checks.push(...(await checkKind(page, kind, location, context)))
    }
    return checks
  } finally {
    remote.close()
  }
}

type ReadPage = (collection: Collection, offset?: number, limit?: number) => Promise<unknown>

async function checkKind(
  page: ReadPage,
  kind: ResourceKind,
  location: string,
  context: Context,
): Promise<readonly ApiCheck[]> {
  const top: Collection = { kind, location, parentIds: [] }
  const body = await readOrCheck(context, top, () => page(top))
  if ('check' in body) return [body.check]
  const paging = await readOrCheck(context, top, async () =>
    comparePaging(await page(top, 0, 1), await page(top, 1, 1)),
  )
  if ('check' in paging) return [paging.check]
  const found = comparePages(kind, [body.value])
  const checks = [checkOf(top, { ...found, differences: [...found.differences, ...paging.value] })]
  for (const child of kindsUnder(kind)) {
    checks.push(await checkChildren(page, child, location, context, firstIds(body.value, PARENTS)))
  }
  return checks
}

async function checkChildren(
  page: ReadPage,
  kind: ResourceKind,
  location: string,
  context: Context,
  parents: readonly string[],
): Promise<ApiCheck> {
  const bodies: unknown[] = []
  for (const parent of parents) {
    const below: Collection = { kind, location, parentIds: [parent] }
    const children = await readOrCheck(context, below, () => page(below))
    if ('check' in children) return children.check
    bodies.push(children.value)
  }
  const collection: Collection = { kind, location, parentIds: [] }
  return parents.length === 0
    ? notCompared(nameOf(collection), 'there is no gateway to read them of')
    : checkOf(collection, comparePages(kind, bodies))
}

/** A line for what could not be compared. */
function notCompared(name: string, why: string): ApiCheck {
  return { name, state: 'note', message: `not compared: ${why}`, hint: 'compare again when that has changed' }
}

async function readOrCheck<T>(
  context: Context,
  collection: Collection,
  read: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly check: ApiCheck }> {
  try {
    return { value: await read() }
  } catch (error) {
    if (!(error instanceof ApiError) || context.stopping.aborted) throw error
    const { message, hint, exit } = apiFailure(error)
    return {
      check: { name: nameOf(collection), state: 'fail', message, hint: hint ?? 'try again later', exit },
    }
  }
}

function checkOf(collection: Collection, found: ReturnType<typeof comparePages>): ApiCheck {
  const name = nameOf(collection)
  const facts = found.facts.length === 0 ? '' : ` (${found.facts.join('; ')})`
  if (found.differences.length === 0) return { name, state: 'ok', message: `as expected${facts}` }
  return {
    name,
    state: 'warning',
    message: `${found.differences.join('; ')}${facts}`,
    hint: 'report it with this output, which has no secrets, names or ids; check the next plan with care',
  }
}

function nameOf({ kind, location }: Collection): string {
  return `contract ${location} ${kind.collection}`
}
