import { type CommandDefinition, GROUPS } from '../command.ts'
import { OFFLINE } from '../exits.ts'

export const schemaCommand: CommandDefinition = {
  name: 'schema',
  group: GROUPS.setup,
  summary: 'print the JSON Schema of the file',
  description: 'Prints the JSON Schema of the file, for editors and other tools.',
  examples: [['vpnctl schema > vpn.schema.json', 'for your editor']],
  exits: OFFLINE,
  configure: () => undefined,
  run: async (context) => {
    const { publishedSchema } = await import('../../../schema/published.ts')
    context.out(`${JSON.stringify(publishedSchema(), null, 2)}\n`)
    return 0
  },
}
