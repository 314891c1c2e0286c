import { readFileSync } from 'node:fs'
import type { PageStage } from '../support/page-stage.ts'
import { testPage } from '../support/run-page.ts'

const ANNA = 'allowedIPs: [10.99.0.2/32]'
const CONTRACTOR =
  '      - { name: contractor-eva, publicKey: O6Pu7QJpq45dF7jogYtT/j2S8lj4KUpWdslAuyDYVUQ=, allowedIPs: [10.99.0.9/32] }\n'

const [, FILES = ''] =
  /<!-- file: vpn.yaml -->\n```yaml\n([\s\S]*?)```/.exec(readFileSync('docs/access.md', 'utf8')) ?? []

async function apply(stage: PageStage): Promise<void> {
  await stage.vpnctl(['apply', '--yes'])
  stage.write('before.yaml', stage.read('vpn.yaml'))
}

testPage('docs/access.md', {
  apply,
  'the files above are live': (stage) => {
    stage.write('vpn.yaml', FILES)
    return apply(stage)
  },
  change: (stage: PageStage) =>
    stage.write('vpn.yaml', stage.read('vpn.yaml').replace(ANNA, 'allowedIPs: [10.99.0.2/32, 10.20.5.0/24]')),
  contractor: (stage: PageStage) => stage.write('vpn.yaml', stage.read('vpn.yaml') + CONTRACTOR),
  undo: (stage: PageStage) => stage.write('vpn.yaml', stage.read('before.yaml')),
})
