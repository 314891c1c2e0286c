// Draws docs/plan.svg from what a real `vpnctl plan` says: the quickstart is applied to the embedded sandbox, its file is
// changed, and the new plan is the diagram. Needs what is built (npm run build), and nothing else. Another file may be named.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

const IMAGE = process.argv[2] ?? 'docs/plan.svg'
const CHAR_WIDTH = 8.4
const LINE_HEIGHT = 20
const MARGIN = 20
const BAR = 36
const COLUMNS = 100
const COLOURS = [31, 32, 33, 35]
const WEIGHTS = [1, 2]

const folder = mkdtempSync(join(tmpdir(), 'vpnctl-image-'))
try {
  const before = readFileSync('examples/quickstart.yaml', 'utf8')
  writeFileSync(join(folder, 'vpn.yaml'), before)
  vpnctl('apply', '--yes')
  writeFileSync(join(folder, 'vpn.yaml'), changed(before))
  // Who made a resource, and when, would be other ones each time.
  const text = vpnctl('plan').replaceAll(/^.*# created \d{4}-.*\n/gm, '')
  writeFileSync(IMAGE, draw('vpnctl plan --sandbox', text.trimEnd().split('\n')))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

// One device joins, one leaves, one gets another network next to its own.
function changed(text) {
  const joined = `      - name: carla-phone
        publicKey: HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=
        allowedIPs: [10.99.0.4/32]
`
  const result = text
    .replace(/ {6}- name: ben-laptop[\s\S]*/, joined)
    .replace('[10.99.0.2/32]', '[10.99.0.2/32, 10.20.0.0/16]')
  if (!result.includes('10.20.0.0/16') || result.includes('ben-laptop'))
    throw new Error('the example has changed')
  return result
}

function vpnctl(...args) {
  const secrets = readFileSync('examples/throw-away.env', 'utf8').matchAll(/^(\w+)=(.*)$/gm)
  const env = {
    PATH: process.env.PATH,
    FORCE_COLOR: '1',
    ...Object.fromEntries([...secrets].map(([, name, value]) => [name, value])),
  }
  const bin = resolve('dist/cli/bin.js')
  const options = { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }
  // Folded as on a terminal of this width.
  const terminal = ['--import', `data:text/javascript,process.stdout.columns=${COLUMNS}`]
  return execFileSync(process.execPath, [...terminal, bin, ...args, '--sandbox'], options)
}

function draw(command, lines) {
  const all = [`$ ${command}`, '', ...lines]
  const columns = Math.max(...all.map((line) => stripVTControlCharacters(line).length))
  const width = Math.ceil(columns * CHAR_WIDTH + 2 * MARGIN)
  const height = all.length * LINE_HEIGHT + 2 * MARGIN + BAR
  const text = all.map((line, index) => {
    const y = BAR + MARGIN + (index + 0.75) * LINE_HEIGHT
    return `<text x="${MARGIN}" y="${y}">${spans(line)}</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="t">
<title id="t">What ${command} says: one peer is created, one is changed, one is deleted</title>
<style>
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1f2328; white-space: pre }
.card { fill: #ffffff; stroke: #d0d7de } .dot { fill: #d0d7de }
.c31 { fill: #b3261e } .c32 { fill: #1a7f37 } .c33 { fill: #9a6700 } .c35 { fill: #8250df } .c1 { font-weight: 700 } .c2 { fill: #57606a }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.card { fill: #161b22; stroke: #30363d } .dot { fill: #484f58 }
.c31 { fill: #ff7b72 } .c32 { fill: #56d364 } .c33 { fill: #e3b341 } .c35 { fill: #d2a8ff } .c2 { fill: #9ba4ae }
}
</style>
<rect class="card" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
${[0, 1, 2].map((dot) => `<circle class="dot" cx="${MARGIN + 4 + dot * 18}" cy="${BAR / 2}" r="5"/>`).join('')}
${text.join('\n')}
</svg>
`
}

// The escapes that the program writes, and their ends.
function spans(line) {
  const classes = new Set()
  let result = ''
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the start of an escape is one
  for (const part of line.split(/(\u001B\[[\d;]*m)/)) {
    const codes = part.startsWith('\u001B[') ? part.slice(2, -1).split(';').map(Number) : undefined
    if (codes === undefined) {
      const names = [...classes].map((code) => `c${code}`).join(' ')
      if (part !== '')
        result += names === '' ? escaped(part) : `<tspan class="${names}">${escaped(part)}</tspan>`
      continue
    }
    for (const code of codes) {
      if (code === 0) classes.clear()
      else if (code === 39) for (const colour of COLOURS) classes.delete(colour)
      else if (code === 22) for (const weight of WEIGHTS) classes.delete(weight)
      else if ([...WEIGHTS, ...COLOURS].includes(code)) classes.add(code)
      else throw new Error(`the diagram knows no escape ${code}`)
    }
  }
  return result
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
