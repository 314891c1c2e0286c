import { planInMemory } from './plan-in-memory.ts'
import { readEverything } from './read-everything.ts'
import { validateText } from './validate-text.ts'

// The child process of a row: `work.mjs NAME FOLDER ARGUMENTS...` prints one line of JSON.
const WORKS: Readonly<Record<string, (folder: string, args: readonly string[]) => Promise<object>>> = {
  'plan-in-memory': planInMemory,
  'read-everything': readEverything,
  'validate-text': validateText,
}

const [name = '', folder = '', ...args] = process.argv.slice(2)
const work = WORKS[name]
if (work === undefined) throw new Error(`there is no work ${name}`)
console.log(JSON.stringify(await work(folder, args)))
