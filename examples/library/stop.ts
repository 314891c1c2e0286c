// An apply that is stopped after its first change, and the run that goes on where it stopped: there is no state to
// mend in between. Run it after `npm run build`:
//   node examples/library/stop.ts examples/quickstart.yaml     (Node 22.18 and later run TypeScript as it is)
import { applyInOrder, load, look, remoteInMemory } from './rehearse.ts'

const [file = 'vpn.yaml'] = process.argv.slice(2)
const desired = await load(file)
const remote = remoteInMemory()

const controller = new AbortController()
const first = await applyInOrder(
  await look(desired, remote),
  remote,
  (event) => {
    if (event.type === 'finished') controller.abort()
  },
  controller.signal,
)
const { applied, cancelled } = first.summary
console.log(`stopped by a ${first.stopped?.type}: applied ${applied}, cancelled ${cancelled}`)

const second = await applyInOrder(await look(desired, remote), remote, () => undefined)
console.log(`the next run: applied ${second.summary.applied}, kept ${second.summary.kept}`)
