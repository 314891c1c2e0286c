import { userName } from '../../model/live-metadata.ts'
import type { Status, StatusItem } from '../../plan/status.ts'
import { safeLine } from '../writing/safe-text.ts'
import { statusDocument } from './json.ts'
import { ownerText } from './text.ts'

const HEADER = [
  'address',
  'kind',
  'name',
  'location',
  'status',
  'statusMessage',
  'owner',
  'id',
  'tier',
  'addresses',
  'expires',
  'createdDate',
  'createdBy',
  'lastModifiedDate',
  'lastModifiedBy',
] as const

/** What is live as comma-separated values (RFC 4180) with a header. Ends in a newline. */
export function renderStatusCsv(status: Status): string {
  const items = status.locations.flatMap((location) => location.items)
  const documents = statusDocument(status, 0).resources
  const rows = documents.map((document, index) => {
    const owner = ownerText((items[index] as StatusItem).owner, status.stack)
    const more = {
      owner,
      addresses: document.facts.join(' '),
      createdBy: userName(document.createdBy ?? ''),
      lastModifiedBy: userName(document.lastModifiedBy ?? ''),
    }
    const row: Readonly<Record<string, unknown>> = { ...document, ...more }
    return HEADER.map((name) => cell(String(row[name] ?? ''))).join(',')
  })
  return `${[HEADER.join(','), ...rows].join('\n')}\n`
}

// A spreadsheet takes what begins like a formula for one, and names are written by others.
function cell(text: string): string {
  const safe = safeLine(/^[=+@\t-]/.test(text) ? `'${text}` : text)
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
