import { readFileSync } from 'node:fs'
import type { PageStage } from '../support/page-stage.ts'
import { testPage } from '../support/run-page.ts'

testPage('docs/diff.md', {
  'the files are committed': (stage: PageStage) => {
    // vpnctl looks for git there.
    stage.env.PATH = process.env.PATH ?? ''
    stage.write('vpn.yaml', readFileSync('examples/quickstart.yaml', 'utf8'))
    stage.shell('git init -q -b main && git add vpn.yaml && git commit -qm "Add the gateway"')
  },
})
