// Base64 that is padded, or a jumble of small and large letters with digits.
const MAY_BE_KEY = /^(?:[A-Za-z0-9+/]{22,}={1,2}|(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])(?=\D*\d)[A-Za-z0-9+]{16,})$/

/** True for what someone may have pasted in place of a name, though it is a key: it must not be repeated. */
export function looksLikeKey(text: string): boolean {
  return MAY_BE_KEY.test(text)
}
