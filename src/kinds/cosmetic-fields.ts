import type { DriftSeverities } from '../model/resource.ts'

/** Fields of every kind that change how a resource reads and not what it does. */
export const COSMETIC: DriftSeverities['fields'] = [
  { path: ['name'], severity: 'notice' },
  { path: ['description'], severity: 'notice' },
]
