import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { helpWidth } from '../../help/help-command.ts'
import { twoColumns } from '../../help/help-text.ts'

const WAYS = [
  ['vpnctl export --stack NAME --out vpn.yaml', 'there are no files yet: writes one from what is live'],
  ['vpnctl adopt ADDRESS --write', 'there are files: adds live resources to them, by their ids'],
  [
    'vpnctl import-terraform STATE --write',
    'Terraform manages it: writes a file from its state, with the keys',
  ],
] as const

/** `vpnctl import`: what people look for under this name. */
export async function run(
  context: Context,
  _flags: object,
  [words = []]: readonly [(readonly string[])?],
): Promise<number> {
  if (words.length > 0) {
    throw new Failure('usage', '"import" only shows which command imports', {
      hint: WAYS.map(([command]) => command).join('; '),
    })
  }
  context.out(
    `Three ways bring existing resources under management:\n\n${twoColumns(WAYS, helpWidth(context))}\n`,
  )
  return exitCode('ok')
}
