import { readFileSync } from 'node:fs'
import { EXAMPLE_ENV } from '../support/examples.ts'
import type { PageStage } from '../support/page-stage.ts'
import { testPage } from '../support/run-page.ts'

const apply = async (stage: PageStage): Promise<void> => {
  await stage.vpnctl(['apply', '--yes'])
}

testPage('docs/rotation.md', {
  'berlin is live and committed': async (stage) => {
    stage.env.BERLIN_PSK = 'dGhyb3ctYXdheS1wcmUtc2hhcmVkLWtleS1iZXJsaW4='
    await apply(stage)
    stage.shell('git init -q && git add vpn.yaml && git commit -qm Berlin')
  },
  'hq is live with a key file': async (stage) => {
    stage.write('hq.key', `${EXAMPLE_ENV.QUICKSTART_PRIVATE_KEY}\n`)
    stage.shell('chmod 600 hq.key')
    await apply(stage)
  },
  'the quickstart is live': async (stage) => {
    stage.write('vpn.yaml', readFileSync('examples/quickstart.yaml', 'utf8'))
    await apply(stage)
  },
})
