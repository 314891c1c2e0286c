// An apply that is stopped after its first change, and the run that goes on where it stopped: there is no state to
// fix in between. Run it after `npm run build`:
//   node examples/library/stop.ts examples/quickstart.yaml     (Node 22.18 and later run TypeScript as it is)
import { rehearse } from './rehearse.ts'

const [file = 'vpn.yaml'] = process.argv.slice(2)
const vpn = await rehearse(file)

const controller = new AbortController()
const first = await vpn.apply(await vpn.plan(), {
  signal: controller.signal,
  onEvent: (event) => {
    if (event.type === 'finished') controller.abort()
  },
})
const { applied, cancelled } = first.summary
console.log(`stopped by a ${first.stopped?.type}: applied ${applied}, cancelled ${cancelled}`)

const second = await vpn.apply(await vpn.plan())
console.log(`the next run: applied ${second.summary.applied}, kept ${second.summary.kept}, ${second.ending}`)
