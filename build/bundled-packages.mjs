import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The packages whose code is in a bundle, by name: `{ name, version, license, text }`, the text being their licence. */
export function bundledPackages(metafile) {
  const folders = new Set()
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path.replaceAll('\\', '/'))?.[0]
      if (bytesInOutput > 0 && folder !== undefined) folders.add(folder)
    }
  }
  return [...folders].map(describe).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The notices that have to go along with the bundle. */
export function thirdPartyNotices(packages) {
  const head = 'The program in this folder holds code of these packages, under these licences.\n'
  return [
    head,
    ...packages.map(({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text}`),
  ].join(`\n${'-'.repeat(80)}\n\n`)
}

function describe(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry))
  const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim()
  return { name, version, license: license ?? 'unknown', text: `${text}\n` }
}
