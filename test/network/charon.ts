import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const DAEMON = '/usr/sbin/charon-systemd'
const PLUGINS =
  'random nonce openssl aes sha1 sha2 hmac kdf xcbc gcm ccm ctr pem pkcs1 vici socket-default kernel-netlink'

/** Whether strongSwan's own daemon can be asked what it makes of a configuration. */
export const hasCharon = existsSync(DAEMON) && existsSync('/usr/sbin/swanctl') && process.getuid?.() === 0

/** Runs charon on random ports, with nothing loaded, for as long as `work` takes. */
export async function withCharon(work: (load: (config: string) => string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'charon-'))
  const socket = join(folder, 'vici')
  const config = join(folder, 'strongswan.conf')
  writeFileSync(
    config,
    `charon-systemd {\n load = ${PLUGINS}\n port = 0\n port_nat_t = 0\n plugins { vici { socket = unix://${socket} } }\n journal { default = -1 }\n}\nswanctl { load = pem pkcs1 random openssl }\n`,
  )
  const env = { ...process.env, STRONGSWAN_CONF: config, SWANCTL_DIR: folder }
  const daemon = spawn(DAEMON, [], { env, stdio: 'ignore' })
  const ended = new Promise((resolve) => daemon.once('exit', resolve))
  const swanctl = (...args: string[]): string =>
    execFileSync('swanctl', [...args, '--uri', `unix://${socket}`], { env, encoding: 'utf8', stdio: 'pipe' })
  try {
    while (!answers(() => swanctl('--stats'))) {
      if (daemon.exitCode !== null) throw new Error('charon ended')
      await sleep(50)
    }
    work((text) => {
      const file = join(folder, 'swanctl.conf')
      writeFileSync(file, text, { mode: 0o600 })
      swanctl('--load-all', '--file', file)
      return swanctl('--list-conns', '--raw')
    })
  } finally {
    daemon.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true })
  }
}

function answers(ask: () => unknown): boolean {
  try {
    ask()
    return true
  } catch {
    return false
  }
}
