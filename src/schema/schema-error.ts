/** Where something is inside a value: member names and list indexes from the outside in. */
export type ValuePath = readonly (string | number)[]

/** One thing that is wrong with a value, in the user's words. */
export interface SchemaError {
  readonly code: string
  readonly path: ValuePath
  /** Whether the name of the member or its value is wrong. */
  readonly part: 'key' | 'value'
  readonly message: string
  readonly hint?: string
  /** The member that was meant by an unknown one. */
  readonly meant?: string
  /** The member that is missing, or those of which one is needed. */
  readonly missing?: readonly string[]
  /** The value is of another type than the schema allows. */
  readonly isOfWrongType?: true
  /** A secret that is written out where a reference belongs. */
  readonly plaintext?: true
}

/** `['peers', 0, 'allowedIPs', 1]` as `peers[0].allowedIPs[1]`. */
export function formatValuePath(path: ValuePath): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  )
}

/** The steps of a JSON pointer in `value`; a step into a list is a number. */
export function pointerPath(pointer: string, value: unknown): ValuePath {
  if (pointer === '') return []
  const path: (string | number)[] = []
  let current = value
  for (const part of pointer.slice(1).split('/')) {
    const step = part.replaceAll('~1', '/').replaceAll('~0', '~')
    path.push(Array.isArray(current) ? Number(step) : step)
    current = (current as Record<string, unknown> | null | undefined)?.[step]
  }
  return path
}
