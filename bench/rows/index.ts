import type { Row } from '../row.ts'
import { accessRow } from './access.ts'
import { applyRow } from './apply.ts'
import { functionsRow } from './functions.ts'
import { installedRow } from './installed.ts'
import { largeRow } from './large.ts'
import { planRow } from './plan.ts'
import { planMemoryRow } from './plan-memory.ts'
import { readRow } from './read.ts'
import { startRow } from './start.ts'
import { validateRow } from './validate.ts'
import { validateLargeRow } from './validate-large.ts'

/** All rows, cheap ones first. */
export const ROWS: readonly Row[] = [
  startRow,
  validateRow,
  planRow,
  largeRow,
  applyRow,
  planMemoryRow,
  readRow,
  validateLargeRow,
  installedRow,
  functionsRow,
  accessRow,
]
