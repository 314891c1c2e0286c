/** What a name of a variable is made of. */
export interface SecretPlace {
  readonly location: string
  /** Names from the outside in. */
  readonly names: readonly string[]
  readonly id: string
  /** What the kind calls such a value. */
  readonly variable: string
}

/**
 * One environment variable for each place: `BRANCH_BERLIN_PSK`. Where names come out alike, all of them get their
 * location in front, or else the end of their id behind, so that no name depends on the order.
 */
export function secretVariables(places: readonly SecretPlace[]): readonly string[] {
  return distinct(places, [
    ({ names, variable }) => variableName([...names, variable]),
    ({ location, names, variable }) => variableName([location, ...names, variable]),
    ({ names, variable, id }) => variableName([...names, variable, id.slice(-ID_DIGITS)]),
    ({ names, variable, id }) => variableName([...names, variable, id]),
  ])
}

// The first digits are the stack's, alike in all that it made.
const ID_DIGITS = 8

type Naming = (place: SecretPlace) => string

function distinct(places: readonly SecretPlace[], [first, ...rest]: readonly Naming[]): readonly string[] {
  if (first === undefined) return []
  const names = places.map(first)
  const groups = new Map<string, number[]>()
  for (const [index, name] of names.entries()) groups.set(name, [...(groups.get(name) ?? []), index])
  for (const group of groups.values()) {
    if (group.length === 1 || rest.length === 0) continue
    const members = group.flatMap((index) => places[index] ?? [])
    // Either all of a group are distinct by the next naming, or the one after is tried.
    const better = rest.map((naming) => members.map(naming)).find((set) => new Set(set).size === set.length)
    for (const [place, index] of group.entries()) names[index] = better?.[place] ?? names[index] ?? ''
  }
  return names
}

function variableName(parts: readonly string[]): string {
  const words = parts
    .map((part) =>
      part
        .normalize('NFKD')
        .replace(/\p{Mark}/gu, '')
        .replace(/([a-z])([A-Z])/g, '$1_$2')
        .replace(/[^A-Za-z0-9]+/g, '_')
        .replace(/^_+|_+$/g, '')
        .toUpperCase(),
    )
    .filter((word) => word !== '')
  const name = words.join('_')
  return /^\d/.test(name) ? `_${name}` : name
}
