// Preloaded into a process of the CLI: writes down what keeps it alive once its result is known.
import { writeFileSync } from 'node:fs'

process.on('removeListener', (name) => {
  // The command line lets go of its signals as the last thing. Sockets are closed one turn of the loop later.
  if (name !== 'SIGTERM') return
  setImmediate(() => {
    setImmediate(() => {
      const resources = process.getActiveResourcesInfo().filter((type) => type !== 'Immediate')
      writeFileSync(process.env.HANDLES_FILE, JSON.stringify(resources))
    })
  })
})
