import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Lab, within } from './lab.ts'

const PLUGINS =
  'random nonce openssl aes sha1 sha2 hmac kdf xcbc gcm ccm ctr pem pkcs1 vici socket-default kernel-libipsec kernel-netlink'

/** strongSwan's daemon in a host of a lab, with traffic through libipsec: no module of the kernel is needed. */
export class Charon {
  readonly #lab: Lab
  readonly #host: string
  readonly #folder: string
  #end: ((signal: NodeJS.Signals) => Promise<void>) | undefined

  constructor(lab: Lab, host: string) {
    this.#lab = lab
    this.#host = host
    this.#folder = join(lab.folder, host)
    mkdirSync(this.#folder)
    lab.file(
      join(host, 'strongswan.conf'),
      `charon-systemd {
 load = ${PLUGINS}
 # An outage is noticed within seconds.
 retransmit_tries = 2
 retransmit_timeout = 1.0
 retransmit_base = 1.0
 plugins { vici { socket = unix://${this.#folder}/vici } }
 journal { default = -1 }
}
swanctl { load = pem pkcs1 random openssl }
`,
    )
  }

  async start(config: string): Promise<void> {
    rmSync(join(this.#folder, 'vici'), { force: true })
    this.#end = this.#lab.start(this.#host, this.#env(), '/usr/sbin/charon-systemd')
    if (!(await within(10, () => this.swanctl('--stats') !== undefined)))
      throw new Error('charon did not start')
    this.load(config)
  }

  load(config: string): string {
    const file = this.#lab.file(join(this.#host, 'swanctl.conf'), config)
    const said = this.swanctl('--load-all', '--file', file)
    if (said === undefined) throw new Error('swanctl refused the configuration')
    return this.swanctl('--list-conns', '--raw') ?? ''
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    await this.#end?.(signal)
  }

  /** The output; undefined when it failed. */
  swanctl(...args: readonly string[]): string | undefined {
    try {
      return execFileSync('swanctl', [...args, '--uri', `unix://${this.#folder}/vici`], {
        env: { ...process.env, ...this.#env() },
        encoding: 'utf8',
        stdio: 'pipe',
        timeout: 20_000,
      })
    } catch {
      return undefined
    }
  }

  /** How many IKE and child SAs are up. */
  sas(): { readonly ike: number; readonly child: number } {
    const said = this.swanctl('--list-sas') ?? ''
    return {
      ike: said.match(/^\S+: #\d+, ESTABLISHED/gm)?.length ?? 0,
      child: said.match(/^ {2}\S+: #\d+, .*INSTALLED/gm)?.length ?? 0,
    }
  }

  #env(): NodeJS.ProcessEnv {
    return { STRONGSWAN_CONF: join(this.#folder, 'strongswan.conf'), SWANCTL_DIR: this.#folder }
  }
}
