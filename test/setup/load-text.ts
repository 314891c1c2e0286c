import { type Loaded, type LoadOptions, loadFiles } from '../../src/engine/load-files.ts'

/** Loads one text as standard input. */
export function loadText(text: string, options: Partial<LoadOptions> = {}): Promise<Loaded> {
  return loadFiles({
    files: ['-'],
    cwd: '/',
    env: {},
    readStdin: async () => Buffer.from(text),
    secrets: 'ignore',
    ...options,
  })
}
