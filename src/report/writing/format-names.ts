/** The forms that a plan can have. */
export const PLAN_FORMATS = [
  'text',
  'json',
  'markdown',
  'github',
  'gitlab',
  'azure',
  'tfjson',
  'dotenv',
] as const

/** One of {@link PLAN_FORMATS}. */
export type PlanFormat = (typeof PLAN_FORMATS)[number]

/** The forms that diagnostics can have. */
export const DIAGNOSTICS_FORMATS = ['text', 'json', 'github', 'gitlab', 'sarif', 'azure'] as const

/** One of {@link DIAGNOSTICS_FORMATS}. */
export type DiagnosticsFormat = (typeof DIAGNOSTICS_FORMATS)[number]

/** The forms that drift can have. */
export const DRIFT_FORMATS = [
  'text',
  'json',
  'markdown',
  'junit',
  'github',
  'gitlab',
  'azure',
  'dotenv',
] as const

/** One of {@link DRIFT_FORMATS}. */
export type DriftFormat = (typeof DRIFT_FORMATS)[number]
