// download.mjs URL SHA256 FILE: exit code 1 when the file cannot be downloaded, and 2 when it is another file.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'

const [url, expected, file] = process.argv.slice(2)
const TIMEOUT_MS = 60_000

try {
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
  if (!answer.ok) throw new Error(`answered ${answer.status}`)
  const bytes = Buffer.from(await answer.arrayBuffer())
  const seen = createHash('sha256').update(bytes).digest('hex')
  if (seen === expected) {
    writeFileSync(file, bytes)
  } else {
    process.stdout.write(
      `::error title=vpnctl::${url} has the SHA-256 ${seen}, and not ${expected}: it is not used\n`,
    )
    process.exitCode = 2
  }
} catch (error) {
  const reason = error.cause?.code ?? error.message
  process.stdout.write(
    `::warning title=vpnctl::${url} cannot be downloaded (${reason}); vpnctl is built from its source\n`,
  )
  process.exitCode = 1
}
