/** Runs one command line; the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  return argv.length === 0 ? 64 : 0
}
