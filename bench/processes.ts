import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// The code cache of the runs before is warm, as it is for a user.
const HOME_FOLDER = mkdtempSync(join(tmpdir(), 'vpnctl-bench-home-'))
process.once('exit', () => rmSync(HOME_FOLDER, { recursive: true, force: true }))

/** How a process went. */
export interface Run {
  readonly wallMs: number
  /** User and system time together. */
  readonly cpuMs: number
  readonly stdout: string
}

// The child shows its own times at its end; Node shows a parent nothing of them.
const PRINT_TIMES = `data:text/javascript,${encodeURIComponent(
  "import{writeSync}from'node:fs';process.on('exit',()=>{const u=process.resourceUsage();writeSync(3,String((u.userCPUTime+u.systemCPUTime)/1000))})",
)}`

/** Runs Node with `args` to its end; anything but an exit of 0 is an error. */
export async function runNode(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  more: { readonly times?: boolean } = {},
): Promise<Run> {
  const hook = more.times === true ? ['--import', PRINT_TIMES] : []
  const started = performance.now()
  const child = spawn(process.execPath, [...hook, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // Only what every user has: a variable such as NODE_EXTRA_CA_CERTS costs every start more than our own code.
    env: { PATH: process.env.PATH, HOME: HOME_FOLDER, IONOS_TOKEN: 'bench', ...env },
  })
  const [stdout, stderr, times] = [1, 2, 3].map((fd) => gather(child.stdio[fd] as NodeJS.ReadableStream))
  const code = await new Promise((resolve) => child.once('exit', resolve))
  const wallMs = performance.now() - started
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${String(code)}: ${await stderr}`)
  return { wallMs, cpuMs: Number(await times), stdout: (await stdout) ?? '' }
}

async function gather(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/** A folder that is gone after `work`. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'vpnctl-bench-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Writes a file piece by piece. */
export function writePieces(path: string, pieces: Iterable<string>): string {
  writeFileSync(path, [...pieces].join(''))
  return path
}
