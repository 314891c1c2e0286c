import { isPlainObject, type PlainObject } from '../model/json.ts'

/** `value` with documented defaults for what is left out or null; a nested one only where its object is there. */
export function withDefaults(value: PlainObject, defaults: PlainObject): PlainObject {
  const filled: Record<string, PlainObject[string]> = { ...value }
  for (const [key, fallback] of Object.entries(defaults)) {
    const own = Object.hasOwn(filled, key) ? filled[key] : undefined
    if (isPlainObject(fallback)) {
      if (isPlainObject(own)) filled[key] = withDefaults(own, fallback)
    } else if (own === undefined || own === null) filled[key] = fallback
  }
  return filled
}
