export { type SafeText, safeJson, safeLine, safeText } from '../../model/safe-text.ts'
