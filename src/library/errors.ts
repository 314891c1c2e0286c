import type { Diagnostic } from '../model/diagnostic.ts'

/** The files, or the settings of the run, do not allow what was asked for: `diagnostics` says what and where. */
export class InvalidFilesError extends Error {
  override readonly name = 'InvalidFilesError'
  readonly diagnostics: readonly Diagnostic[]
  /** Text by file, for `renderDiagnostics`; secrets are masked. */
  readonly sources: ReadonlyMap<string, string>

  constructor(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, string>) {
    super(sentence('the files are invalid', diagnostics))
    this.diagnostics = diagnostics
    this.sources = sources
  }
}

/** Endpoint, proxy or vendor file cannot be used, or there are no credentials. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

/** A safety rule refuses the plan: it may be shown, and must not be applied. */
export class PlanRefusedError extends Error {
  override readonly name = 'PlanRefusedError'
  readonly refusals: readonly Diagnostic[]

  constructor(refusals: readonly Diagnostic[]) {
    super(sentence('the plan is refused', refusals))
    this.refusals = refusals
  }
}

/** Secrets that the plan sends have no value; nothing was written. */
export class MissingSecretsError extends Error {
  override readonly name = 'MissingSecretsError'
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[]) {
    super(sentence('secrets that the plan sends have no value', diagnostics))
    this.diagnostics = diagnostics
  }
}

function sentence(what: string, diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const [first] = errors
  const more = errors.length > 1 ? `, and ${errors.length - 1} more` : ''
  return first === undefined ? what : `${what}: ${first.code} ${first.message}${more}`
}
