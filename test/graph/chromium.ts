import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const BROWSER = '/usr/bin/chromium'

/** Whether pages can be looked at for real. */
export const hasChromium = existsSync(BROWSER)

/** Opens a page without a network; its document once its scripts ran, and what it wrote to the console. */
export function openPage(html: string): { readonly dom: string; readonly console: readonly string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'page-'))
  try {
    const file = join(folder, 'page.html')
    writeFileSync(file, html)
    const flags = [
      'no-sandbox',
      'disable-gpu',
      'disable-quic',
      'no-first-run',
      'disable-background-networking',
    ]
    const quiet = [
      'disable-component-update',
      'disable-sync',
      'enable-logging=stderr',
      'headless',
      'dump-dom',
    ]
    const { stdout, stderr, status } = spawnSync(
      BROWSER,
      [...flags, ...quiet]
        .map((flag) => `--${flag}`)
        .concat(`--user-data-dir=${folder}/profile`, `file://${file}`),
      { encoding: 'utf8', timeout: 60_000, maxBuffer: 64 * 1024 * 1024 },
    )
    if (status !== 0) throw new Error(`chromium ended with ${status}: ${stderr.slice(-500)}`)
    return { dom: stdout, console: stderr.split('\n').filter((line) => line.includes(':CONSOLE')) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// Runs in the page: texts that leave their box, boxes that cover each other or leave the diagram, wires over texts.
const MEASURE = `
const out = [], svg = document.querySelector('svg').getBoundingClientRect()
const nodes = [...document.querySelectorAll('g.node')].map((g) => ({ g, box: g.querySelector('.box').getBoundingClientRect() }))
const inside = (a, b) => a.left >= b.left - 0.5 && a.right <= b.right + 0.5 && a.top >= b.top - 0.5 && a.bottom <= b.bottom + 0.5
const meets = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
for (const { g, box } of nodes) {
  for (const text of g.querySelectorAll('text'))
    if (!inside(text.getBoundingClientRect(), box)) out.push('leaves its box: ' + text.textContent)
  const rects = [...g.querySelectorAll('text')].map((text) => text.getBoundingClientRect())
  rects.forEach((a, i) => rects.slice(i + 1).forEach((b) => { if (meets(a, { left: b.left, right: b.right, top: b.top + 3, bottom: b.bottom - 3 })) out.push('texts cover each other in ' + g.textContent) }))
  if (!inside(box, svg)) out.push('leaves the diagram: ' + g.textContent)
}
nodes.forEach(({ g, box }, i) => nodes.slice(i + 1).forEach((other) => { if (meets(box, other.box)) out.push('covers another: ' + g.textContent) }))
for (const text of document.querySelectorAll('svg > text, svg > g:not(.node) text'))
  if (!inside(text.getBoundingClientRect(), svg)) out.push('leaves the diagram: ' + text.textContent)
document.title = JSON.stringify({ nodes: nodes.length, faults: out })
`

interface Measured {
  readonly nodes: number
  readonly faults: readonly string[]
}

/** What is wrong with each diagram as the browser lays it out, in a frame of its own. */
export function measure(svgs: readonly string[]): readonly Measured[] {
  const head = '<!doctype html><meta charset="utf-8"><title></title>'
  const frames = svgs.map((svg) => {
    const page = `${head}<body style="margin:0">${svg}<script>${MEASURE}</script>`
    return `<iframe width="800" height="600" srcdoc="${page.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe>`
  })
  const gather = `onload = () => { document.title = JSON.stringify([...document.querySelectorAll('iframe')].map(({ contentDocument }) => JSON.parse(contentDocument.title))) }`
  const { dom } = openPage(
    `${head}<link rel="icon" href="data:,"><body>${frames.join('')}<script>${gather}</script>`,
  )
  const title = /<title>(.*?)<\/title>/s.exec(dom)?.[1] ?? ''
  return JSON.parse(title.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'))
}
