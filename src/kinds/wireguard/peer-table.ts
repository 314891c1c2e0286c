import type { Cell, Diagnostic, SourceRange } from '../../model/diagnostic.ts'
import { getPath, type PlainObject } from '../../model/json.ts'
import { optional } from '../../model/optional.ts'
import { parseIp, shortestNetwork } from '../ip.ts'
import { keyBytes } from './keys.ts'
import { wireguardPeer } from './peer.ts'

/** One peer of a table. */
export interface PeerRow {
  readonly name: Cell
  readonly publicKey: Cell
  readonly description: string | undefined
  readonly addresses: readonly string[]
  readonly addressesAt: SourceRange
}

type Column = 'name' | 'publicKey' | 'description' | 'addresses'

const COLUMNS: Readonly<Record<string, Column>> = {
  name: 'name',
  publickey: 'publicKey',
  key: 'publicKey',
  description: 'description',
  addresses: 'addresses',
  address: 'addresses',
  allowedips: 'addresses',
}

/** The peers of a table with a header row, and everything that is wrong with it. */
export function readPeerTable(records: readonly (readonly Cell[])[]): {
  /** Those that have no error of their own. */
  readonly rows: readonly PeerRow[]
  readonly headerFindings: readonly Diagnostic[]
  readonly rowFindings: readonly Diagnostic[]
} {
  const [header = [], ...body] = records
  const columns = header.map(({ text }) => COLUMNS[text.toLowerCase().replace(/[ _-]/g, '')])
  const headerFindings = findingsOfHeader(header, columns)
  if (headerFindings.length > 0) return { rows: [], headerFindings, rowFindings: [] }
  const rows: PeerRow[] = []
  const findings: Diagnostic[] = []
  for (const record of body) {
    const own = findingsOfRow(record, columns)
    findings.push(...own)
    const row = rowOf(record, columns)
    if (own.length === 0 && row !== undefined) rows.push(row)
  }
  return { rows, headerFindings, rowFindings: [...findings, ...repetitions(rows)] }
}

function findingsOfHeader(
  header: readonly Cell[],
  columns: readonly (Column | undefined)[],
): readonly Diagnostic[] {
  const at = header[0]?.at
  const hint =
    'the first line names the columns: name, public key, and as you like description and addresses; between them , or ;'
  const findings = header.flatMap((cell, index): Diagnostic[] => {
    const column = columns[index]
    if (column === undefined) return [tableProblem(`the column "${cell.text}" is not known`, hint, cell.at)]
    return columns.indexOf(column) < index
      ? [tableProblem(`the column "${cell.text}" appears twice`, hint, cell.at)]
      : []
  })
  const missing = (['name', 'publicKey'] as const)
    .filter((column) => !columns.includes(column))
    .map((column) =>
      tableProblem(`there is no column "${column === 'name' ? 'name' : 'public key'}"`, hint, at),
    )
  return [...findings, ...missing]
}

function rowOf(record: readonly Cell[], columns: readonly (Column | undefined)[]): PeerRow | undefined {
  const cell = (column: Column): Cell | undefined => record[columns.indexOf(column)]
  const [name, publicKey, addresses] = [cell('name'), cell('publicKey'), cell('addresses')]
  if (name === undefined || publicKey === undefined) return undefined
  const description = cell('description')?.text
  return {
    name,
    publicKey,
    description: description === '' ? undefined : description,
    addresses: addresses === undefined ? [] : wordsOf(addresses).map((text) => shortestNetwork(text) ?? text),
    addressesAt: addresses?.at ?? name.at,
  }
}

function wordsOf({ text }: Cell): readonly string[] {
  return text.split(/[\s,;|]+/).filter((word) => word !== '')
}

function findingsOfRow(
  record: readonly Cell[],
  columns: readonly (Column | undefined)[],
): readonly Diagnostic[] {
  if (record.length !== columns.length) {
    const message = `this row has ${record.length} values, and the header has ${columns.length}`
    return [rowProblem(message, 'put a value with a separator in it in double quotes', record[0]?.at)]
  }
  return columns.flatMap((column, index): readonly Diagnostic[] => {
    const cell = record[index]
    return column === undefined || cell === undefined ? [] : CHECKS[column](cell)
  })
}

const CHECKS: Readonly<Record<Column, (cell: Cell) => readonly Diagnostic[]>> = {
  name: (cell) =>
    cell.text === ''
      ? [rowProblem('the name is empty', 'give the peer a name', cell.at)]
      : tooLong(cell, 'name'),
  publicKey: ({ text, at }) =>
    keyBytes(text) === undefined
      ? [
          rowProblem(
            'this is not a WireGuard key',
            'write 32 bytes in base64, 44 characters, as wg pubkey does',
            at,
          ),
        ]
      : [],
  description: (cell) => tooLong(cell, 'description'),
  addresses: (cell) =>
    wordsOf(cell).flatMap((text): readonly Diagnostic[] => {
      const range = parseIp(text)
      if (range === undefined)
        return [rowProblem(`"${text}" is not an address`, 'write 10.99.0.9/32, or 10.20.0.0/16', cell.at)]
      return range.address === range.first
        ? []
        : [rowProblem(`"${text}" has bits behind its prefix`, `write ${shortestNetwork(text)}`, cell.at)]
    }),
}

function tooLong({ text, at }: Cell, field: 'name' | 'description'): readonly Diagnostic[] {
  const most = getPath(wireguardPeer.schema as PlainObject, ['properties', field, 'maxLength'])
  if (typeof most !== 'number' || [...text].length <= most) return []
  return [rowProblem(`the ${field} is longer than ${most} characters`, 'shorten it', at)]
}

// In the whole table, since one person is to be on one gateway.
function repetitions(rows: readonly PeerRow[]): readonly Diagnostic[] {
  const seen = { name: new Map<string, Cell>(), publicKey: new Map<string, Cell>() }
  return rows.flatMap((row) =>
    (['name', 'publicKey'] as const).flatMap((column): readonly Diagnostic[] => {
      const first = seen[column].get(row[column].text)
      if (first === undefined) {
        seen[column].set(row[column].text, row[column])
        return []
      }
      const what = column === 'name' ? `the name "${row.name.text}"` : 'this public key'
      const problem = rowProblem(
        `${what} appears twice`,
        'each row is one device with its own key',
        row[column].at,
      )
      return [{ ...problem, related: [{ at: first.at, message: 'it is here first' }] }]
    }),
  )
}

/** A table that cannot be read. */
export function tableProblem(message: string, hint: string, at: SourceRange | undefined): Diagnostic {
  return { severity: 'error', code: 'VPN616', message, hint, ...optional({ at }) }
}

function rowProblem(message: string, hint: string, at: SourceRange | undefined): Diagnostic {
  return { severity: 'error', code: 'VPN617', message, hint, ...optional({ at }) }
}
