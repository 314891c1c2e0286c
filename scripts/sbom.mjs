// Writes the bill of materials (CycloneDX) of what is published: the packages that npm installs along with vpnctl, and
// those whose code is in the bundled command line. `npm sbom --omit dev` alone would leave the latter out.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const LIST = 'reports/bundled-packages.json'
if (!existsSync(LIST)) throw new Error('run npm run build first')
const bundled = new Set(JSON.parse(readFileSync(LIST, 'utf8')))
const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application']
const bill = JSON.parse(execFileSync('npm', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }))

const isDevelopment = ({ properties = [] }) =>
  properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true')
const components = bill.components
  .filter((component) => !isDevelopment(component) || bundled.has(`${component.name}@${component.version}`))
  .map((component) => ({
    ...component,
    properties: component.properties?.filter(({ name }) => name !== 'cdx:npm:package:development'),
  }))
const missing = [...bundled].filter(
  (id) => !components.some(({ name, version }) => `${name}@${version}` === id),
)
if (missing.length > 0) throw new Error(`bundled, and not in the bill: ${missing.join(', ')}`)
const refs = new Set([
  bill.metadata.component['bom-ref'],
  ...components.map((component) => component['bom-ref']),
])
const dependencies = bill.dependencies
  .filter(({ ref }) => refs.has(ref))
  .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) }))
const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'))
// npm takes the name of the folder.
const component = { ...bill.metadata.component, name, version }
process.stdout.write(
  `${JSON.stringify({ ...bill, metadata: { ...bill.metadata, component }, components, dependencies }, null, 2)}\n`,
)
