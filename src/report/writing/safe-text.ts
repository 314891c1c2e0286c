export { safeJson, safeLine } from '../../model/safe-text.ts'
