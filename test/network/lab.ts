import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const PATH = '/usr/sbin:/usr/bin:/sbin:/bin'
const ENV = { PATH, WG_QUICK_USERSPACE_IMPLEMENTATION: 'wireguard-go' }

/** A network of namespaces on one bridge, 203.0.113.0/24. Everything in it ends with `close`. */
export class Lab {
  readonly folder = mkdtempSync(join(tmpdir(), 'vpnctl-lab-'))
  readonly #id = `vl${process.pid}`
  readonly #names: string[] = []
  readonly #ends: (() => Promise<void> | void)[] = []

  constructor() {
    this.#add('net')
    this.in('net', 'ip', 'link', 'add', 'br0', 'type', 'bridge')
    this.in('net', 'ip', 'link', 'set', 'br0', 'up')
  }

  /** A host with a public address, and addresses of its LAN on the loopback device. */
  host(name: string, address: string, ...lan: readonly string[]): void {
    this.#add(name)
    const [inside, outside] = [`${this.#id}i${this.#names.length}`, `${this.#id}o${this.#names.length}`]
    run('ip', 'link', 'add', inside, 'type', 'veth', 'peer', 'name', outside)
    run('ip', 'link', 'set', outside, 'netns', this.#space('net'))
    run('ip', 'link', 'set', inside, 'netns', this.#space(name))
    this.in('net', 'ip', 'link', 'set', outside, 'master', 'br0', 'up')
    this.in(name, 'ip', 'link', 'set', inside, 'name', 'eth0')
    this.in(name, 'ip', 'addr', 'add', `${address}/24`, 'dev', 'eth0')
    this.in(name, 'ip', 'link', 'set', 'eth0', 'up')
    this.in(name, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward')
    for (const own of lan)
      this.in(name, 'ip', 'addr', 'add', own, 'dev', 'lo', ...(own.includes(':') ? ['nodad'] : []))
  }

  /** The output of a command in a host; throws with what it said when it fails. */
  in(name: string, ...command: readonly string[]): string {
    return run('ip', 'netns', 'exec', this.#space(name), ...command)
  }

  /** A command that leaves a program behind, whose output would keep this one waiting. */
  leave(name: string, ...command: readonly string[]): void {
    execFileSync('ip', ['netns', 'exec', this.#space(name), ...command], {
      stdio: 'ignore',
      env: ENV,
      timeout: 20_000,
    })
  }

  /** A program that runs in a host until the lab closes; ends it earlier when called. */
  start(
    name: string,
    env: NodeJS.ProcessEnv,
    program: string,
    ...args: readonly string[]
  ): (signal: NodeJS.Signals) => Promise<void> {
    const child = spawn('ip', ['netns', 'exec', this.#space(name), program, ...args], {
      env: { PATH, ...env },
      stdio: 'ignore',
    })
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    const end = async (signal: NodeJS.Signals): Promise<void> => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      await ended
    }
    this.#ends.push(() => end('SIGKILL'))
    return end
  }

  /** Something to undo at the end. */
  atEnd(undo: () => void): void {
    this.#ends.push(undo)
  }

  /** A file of the owner alone; its path. */
  file(name: string, text: string): string {
    const path = join(this.folder, name)
    writeFileSync(path, text, { mode: 0o600 })
    return path
  }

  /** Whether a host answers within a second, asked from an address. */
  pings(name: string, from: string, to: string): boolean {
    try {
      this.in(name, 'ping', '-c', '1', '-W', '1', '-I', from, to)
      return true
    } catch {
      return false
    }
  }

  async close(): Promise<void> {
    for (const end of this.#ends.reverse()) await end()
    for (const name of this.#names) run('ip', 'netns', 'del', this.#space(name))
    rmSync(this.folder, { recursive: true })
  }

  #space(name: string): string {
    return `${this.#id}-${name}`
  }

  #add(name: string): void {
    run('ip', 'netns', 'add', this.#space(name))
    this.#names.push(name)
    this.in(name, 'ip', 'link', 'set', 'lo', 'up')
  }
}

function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe', env: ENV, timeout: 20_000 })
}

/** Waits until something holds, up to so many seconds; whether it did. */
export async function within(seconds: number, holds: () => boolean): Promise<boolean> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(200)) if (holds()) return true
  return holds()
}
