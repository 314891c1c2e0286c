import type { Diagnostic } from '../../model/diagnostic.ts'

// Those that read files and live.
const COMMAND = /\bvpnctl (?:accept|access|adopt|apply|destroy|drift|peer-config|plan|probe|rotate|status)\b/g

/**
 * A text with the files and the API of the run, as `inputs` has them, in the commands that it proposes:
 * `vpnctl access -f vpn/ --sandbox ...`. A command that has them already, by the next semicolon, stays as it is.
 */
export function withInputs(text: string, inputs = ''): string {
  if (inputs === '') return text
  return text.replace(COMMAND, (command, at: number) => {
    const [clause = ''] = text.slice(at).split(';')
    return clause.includes(inputs) ? command : `${command}${inputs}`
  })
}

/** A diagnostic with {@link withInputs} in its hint: rules and the planner do not know the flags of a run. */
export function hintWithInputs(diagnostic: Diagnostic, inputs?: string): Diagnostic {
  const { hint } = diagnostic
  return hint === undefined ? diagnostic : { ...diagnostic, hint: withInputs(hint, inputs) }
}
