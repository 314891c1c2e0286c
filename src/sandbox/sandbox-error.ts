import type { Diagnostic } from '../model/diagnostic.ts'

/** The sandbox cannot start as it was asked to: a bad option, a broken state file, a taken port. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError'
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ message }) => message).join('; '))
    this.diagnostics = diagnostics
  }
}

/** One fault of the user's. */
export function fault(code: string, message: string, hint: string): Diagnostic {
  return { severity: 'error', code, message, hint }
}
