type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** The members that have a value: `{ ...optional({ hint }) }` has no `hint` where `hint` is undefined. */
export function optional<T extends object>(members: T): Present<T> {
  const present: Present<T> = {}
  for (const name of Object.keys(members) as (keyof T)[]) {
    const value = members[name]
    if (value !== undefined) present[name] = value as Present<T>[typeof name]
  }
  return present
}
