import { UNREADABLE_FILE } from '../../config/source.ts'
import type { Loaded } from '../../engine/load-files.ts'
import type { Diagnostic } from '../../model/diagnostic.ts'
import { optional } from '../../model/optional.ts'
import type { DesiredState } from '../../model/resource.ts'
import type { Baseline } from '../../plan/baseline.ts'
import type { PlanOptions } from '../../plan/types.ts'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'
import type { FileFlags } from '../flags/options.ts'
import { fileNames } from './desired.ts'
import { loadVersion } from './version.ts'

/** What the files wanted before. */
export interface Base {
  /** As the user named it. */
  readonly name: string
  /** Undefined when it cannot be used; a warning says why. */
  readonly desired: DesiredState | undefined
  /** The first of what is wrong with it. */
  readonly problem?: string
  readonly warnings: readonly Diagnostic[]
}

/** Flags that name former files. */
export interface BaselineFlags {
  readonly base?: string | undefined
  readonly applied?: string | undefined
  readonly onDrift?: PlanOptions['onDrift'] | undefined
}

/** The former files, where any are given and can be used. */
export interface LoadedBaseline {
  readonly baseline?: Baseline
  readonly warnings: readonly Diagnostic[]
}

/** Reads the former files that the flags name. */
export async function loadBaseline(
  context: Context,
  flags: FileFlags & BaselineFlags,
  now: DesiredState,
): Promise<LoadedBaseline> {
  const { base: name, applied: appliedName, onDrift } = flags
  if (name === undefined) {
    const given = onDrift === undefined ? (appliedName === undefined ? undefined : '--applied') : '--on-drift'
    if (given === undefined) return { warnings: [] }
    throw new Failure(
      'usage',
      given === '--applied'
        ? '--applied needs --base here: it says what of the difference from the base is applied'
        : `${given} needs --base: without former files, drift looks like a change of the files`,
      {
        hint: 'for instance --base git:HEAD~1',
      },
    )
  }
  const base = await loadBase(context, flags, name, now)
  if (base.desired === undefined) {
    if (onDrift === 'refuse' || onDrift === 'leave') throw unusable(base)
    return { warnings: base.warnings }
  }
  const applied = appliedName === undefined ? undefined : await loadBase(context, flags, appliedName, now)
  return {
    baseline: {
      name,
      desired: base.desired,
      ...(applied?.desired === undefined ? {} : { applied: applied.desired }),
    },
    warnings: [...base.warnings, ...(applied?.warnings ?? [])],
  }
}

/** The files that were applied last, where they are given. */
export interface LoadedApplied {
  readonly applied?: DesiredState
}

/** Reads the files that were applied last, for a run about drift: without them, what is merged would look like drift. */
export async function loadApplied(
  context: Context,
  flags: FileFlags & Pick<BaselineFlags, 'applied'>,
  now: DesiredState,
): Promise<LoadedApplied> {
  if (flags.applied === undefined) return {}
  const { desired, name, warnings } = await loadBase(context, flags, flags.applied, now)
  if (desired !== undefined) return { applied: desired }
  throw new Failure('invalid', `the files at ${name} have errors, so what is pending cannot be found`, {
    diagnostics: warnings,
    hint: 'name another commit, or leave out --applied',
  })
}

function unusable({ name, warnings }: Base): Failure {
  return new Failure(
    'refused',
    `the base ${name} has errors, so drift cannot be found; nothing was changed`,
    {
      diagnostics: warnings,
      hint: 'choose another base, or use --on-drift revert',
    },
  )
}

/** Reads a base: a version of the files. Its secrets are not looked at. */
export async function loadBase(
  context: Context,
  flags: FileFlags,
  name: string,
  now: DesiredState,
): Promise<Base> {
  // Whether a key may be in the file was decided when the base was written.
  const loaded = await loadVersion(context, { ...flags, allowPlaintextSecrets: true }, name)
  // Nothing of it was there: all is new.
  return loaded === undefined
    ? { name, desired: { ...now, resources: [] }, warnings: [withoutFiles(name, flags)] }
    : toBase(name, loaded)
}

// As in the first request that adds them; a moved folder looks the same.
function withoutFiles(name: string, flags: FileFlags): Diagnostic {
  return {
    severity: 'warning',
    code: 'VPN524',
    message: `the base ${name} does not have ${fileNames(flags).join(', ')}, so every difference counts as intended, and drift is not found`,
    hint: 'nothing, if the files are new; if they were moved, apply once without a move, or choose a later base',
  }
}

function toBase(name: string, { desired, diagnostics }: Loaded): Base {
  if (desired !== null) return { name, desired, warnings: [] }
  const [first] = diagnostics.filter(({ severity }) => severity === 'error')
  if (first?.code === UNREADABLE_FILE)
    throw new Failure('usage', first.message, { hint: 'check the name and the folder' })
  return {
    name,
    desired: undefined,
    ...optional({ problem: first?.message }),
    warnings: [
      {
        severity: 'warning',
        code: 'VPN532',
        message: `the base ${name} has errors, so intended changes and drift are not separated; the first: ${first?.message ?? 'unknown'}`,
        hint: 'choose another base, or read the plan without this separation',
      },
    ],
  }
}
