import { safeLine } from '../../report/writing/safe-text.ts'
import { count } from '../../report/writing/words.ts'
import { wrapWords } from '../../report/writing/wrap.ts'
import type { ExportedSecret } from '../../rewrite/export.ts'

/** Secrets that entries made from live resources refer to, as lines; empty for none. `reference`: "The file refers". */
export function secretList(secrets: readonly ExportedSecret[], reference: string, columns: number): string {
  if (secrets.length === 0) return ''
  const width = Math.max(...secrets.map(({ variable }) => variable.length))
  const lines = secrets.flatMap(({ variable, address, field }) =>
    wrapWords(`  ${variable.padEnd(width)}  ${safeLine(address)} ${field}`, columns, '      '),
  )
  const what = count(secrets.length, 'secret')
  const head = `${reference} to ${what} that the API does not return. A plan works without; an apply needs the ${secrets.length === 1 ? 'value' : 'values'} in use, since another would be a change:`
  return `${[...wrapWords(head, columns), ...lines].join('\n')}\n`
}
