import { readFileSync } from 'node:fs'
import { derivePublicKey } from '../../src/kinds/wireguard/keys.ts'
import type { PageStage } from '../support/page-stage.ts'
import { testPage } from '../support/run-page.ts'

const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8')
const SITES = readFileSync('examples/site-to-site.yaml', 'utf8')

// Made for this page, used nowhere else.
const ANNA_KEY = 'dGhyb3ctYXdheS1rZXktb2YtYW5uYS1vZi1hLXBhZ2U='
const ANNA = 'SfwTrc5AWuqT5MS7wvXHB4hIVfCYzIOZ3oha4kt5cxs='

const start = (stage: PageStage): void => stage.write('vpn.yaml', QUICKSTART)

testPage('docs/peer-config.md', {
  'anna has a key': (stage) => {
    stage.write('vpn.yaml', QUICKSTART.replace(ANNA, derivePublicKey(ANNA_KEY) ?? ''))
    stage.write('anna.key', ANNA_KEY)
    stage.shell('chmod 600 anna.key')
  },
  'the quickstart in git': async (stage) => {
    start(stage)
    await stage.vpnctl(['apply', '--yes'])
    stage.shell('git init -q && git add vpn.yaml && git commit -qm Start')
  },
  'site to site': (stage) => stage.write('vpn.yaml', SITES),
})
