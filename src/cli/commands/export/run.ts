import { selectLive } from '../../../engine/select-live.ts'
import { chosenEndpoint } from '../../../engine/settings.ts'
import { kindsUnder } from '../../../kinds/index.ts'
import { canonicalLocation, DEFAULT_LOCATION, LOCATIONS } from '../../../kinds/locations.ts'
import { formatAddress } from '../../../model/address.ts'
import { classOf } from '../../../model/codes.ts'
import { type Diagnostic, hasErrors } from '../../../model/diagnostic.ts'
import { derivingStack, stackFingerprint } from '../../../model/identity.ts'
import type { LiveState } from '../../../model/resource.ts'
import { escapedDocument } from '../../../model/safe-text.ts'
import { liveStep } from '../../../plan/match/live-step.ts'
import { renderDiagnostics } from '../../../report/diagnostics/text.ts'
import { exportYaml } from '../../../rewrite/export.ts'
import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { checkWritten } from '../../files/check-written.ts'
import { replaceIf, writeWholeFile } from '../../files/write-file.ts'
import { checkLocations } from '../../flags/location.ts'
import type { RemoteFlags } from '../../flags/options.ts'
import { secretList } from '../../output/secret-list.ts'
import { readLocations } from '../../session/read-live.ts'
import { ownedByAnother } from '../adopt/choose.ts'

/** Flags of `export`. */
export interface ExportFlags extends RemoteFlags {
  readonly location?: readonly string[]
  readonly gateway?: readonly string[]
  readonly target?: readonly string[]
  readonly stack: string
  readonly out?: string
  readonly force?: boolean
}

// How the text is called where it has no file.
const EXPORTED = '<stdout>'

/** `vpnctl export`. */
export async function run(context: Context, flags: ExportFlags): Promise<number> {
  const locations = locationsToExport(context, flags)
  const live = await readLocations(context, flags, locations)
  const selected = selectLive(live, patternsOf(flags))
  const missing = missingOf(flags, new Set(selected.unmatched))
  if (missing.length > 0) {
    throw new Failure('error', `nothing live matches ${missing.join(', ')}`, {
      hint: `read: ${locations.join(', ')}; an address looks like wireguardgateways/hq`,
    })
  }
  const { text, secrets, diagnostics } = exportYaml(selected.live, { stack: flags.stack })
  const written = await checkWritten(context, flags.out ?? EXPORTED, text)
  if (flags.out === undefined) context.document(escapedDocument(text))
  else await writeWholeFile(context, flags.out, text, replaceIf(flags.force))
  const findings = [
    ...diagnostics.filter(({ code }) => classOf(code) !== 'repeated'),
    ...ofOtherStacks(selected.live, flags.stack),
    ...written.diagnostics,
  ]
  if (findings.length > 0) {
    context.err(renderDiagnostics(findings, written.sources, context.style.err))
  }
  context.err(secretList(secrets, `${flags.out ?? 'The file'} refers`, context.style.err.width))
  return exitCode(hasErrors(written.diagnostics) ? 'invalid' : 'ok')
}

// What is below such a gateway needs no warning of its own.
function ofOtherStacks({ resources }: LiveState, stack: string): readonly Diagnostic[] {
  const ids = new Set(resources.map(({ id }) => id))
  return resources.flatMap((resource): readonly Diagnostic[] => {
    const owner = derivingStack(resource.id)
    const isTop = !resource.parentIds.some((id) => ids.has(id))
    if (owner === undefined || owner === stackFingerprint(stack) || !isTop) return []
    return [ownedByAnother(liveStep(resource), resource.id)]
  })
}

function locationsToExport(context: Context, flags: ExportFlags): readonly string[] {
  const named = flags.location ?? []
  checkLocations(named)
  if (named.length > 0) return [...new Set(named.map(canonicalLocation))]
  const endpoint = chosenEndpoint(flags.endpoint, context.io.env)
  const isFixed = flags.sandbox === true || endpoint?.value.includes('{location}') === false
  return isFixed ? [DEFAULT_LOCATION] : [...new Set(Object.keys(LOCATIONS).map(canonicalLocation))]
}

function patternsOf(flags: ExportFlags): readonly string[] {
  return [...(flags.gateway ?? []).flatMap(gatewayPatterns), ...(flags.target ?? [])]
}

// A name may be that of a gateway of any kind.
function gatewayPatterns(name: string): readonly string[] {
  return kindsUnder(null).map(({ collection }) => formatAddress([{ collection, name }]))
}

function missingOf(flags: ExportFlags, unmatched: ReadonlySet<string>): readonly string[] {
  return [
    ...(flags.gateway ?? []).filter((name) =>
      gatewayPatterns(name).every((pattern) => unmatched.has(pattern)),
    ),
    ...(flags.target ?? []).filter((pattern) => unmatched.has(pattern)),
  ]
}
