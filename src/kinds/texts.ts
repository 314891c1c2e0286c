/** The members of a list that are texts; empty for everything else. */
export function texts(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return []
  const isText = (item: unknown): item is string => typeof item === 'string'
  // A list of texts alone is the common case, and costs no copy.
  return value.every(isText) ? value : value.filter(isText)
}
