import { readFileSync } from 'node:fs'
import { testPage } from '../support/run-page.ts'

testPage('docs/people.md', {
  apply: async (stage) => {
    await stage.vpnctl(['apply', '--yes'])
  },
  'two laptops are live': async (stage) => {
    stage.write('vpn.yaml', readFileSync('examples/quickstart.yaml', 'utf8'))
    await stage.vpnctl(['apply', '--yes'])
  },
})
