import { randomBytes } from 'node:crypto'
import { monotonicClock } from '../../src/api/clock.ts'
import { runProcess } from '../../src/cli/process-io.ts'
import { udpNetwork } from '../../src/cli/session/udp-network.ts'
import { Secret } from '../../src/model/secret.ts'
import { probeWireguard } from '../../src/probe/wireguard.ts'

// Runs in a host of the lab: `cli ARGUMENTS` prints the exit code and standard output as JSON; `handshakes` makes many.
const [mode, ...args] = process.argv.slice(2)

/** A gateway drops initiations that follow each other within 20 ms. */
const PAUSE_MS = 25

async function commandLine(): Promise<void> {
  let output = ''
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = ((text: string, done?: () => void) => {
    output += String(text)
    if (typeof done === 'function') done()
    return true
  }) as typeof process.stdout.write
  const code = await runProcess(process, args)
  process.stdout.write = write
  write(JSON.stringify([code, output]))
}

async function handshakes(): Promise<void> {
  const [host = '', port = '', gatewayKey = '', ownKey = '', count = ''] = args
  const counts: Record<string, number> = {}
  for (let number = 0; number < Number(count); number += 1) {
    const around = {
      network: udpNetwork,
      clock: monotonicClock,
      randomBytes,
      signal: new AbortController().signal,
      timeoutMs: 1800,
    }
    const probe = { host, port: Number(port), gatewayKey, ownKey: new Secret(ownKey) }
    const { type } = await probeWireguard(around, probe)
    counts[type] = (counts[type] ?? 0) + 1
    await monotonicClock.sleep(PAUSE_MS)
  }
  process.stdout.write(JSON.stringify(counts))
}

void (mode === 'cli' ? commandLine() : handshakes())
