import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** A module of a build's library, by its path under src without the ending. */
export function library<T>(folder: string, name: string): Promise<T> {
  return import(pathToFileURL(join(folder, 'dist/lib', `${name}.js`)).href) as Promise<T>
}
