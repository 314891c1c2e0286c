// Preloaded into a process of the CLI: its last lines on stdout name the modules of Node that it loaded itself.
const { writeSync } = require('node:fs')

const before = new Set(process.moduleLoadList)
process.on('exit', () => {
  writeSync(
    1,
    process.moduleLoadList
      .filter((name) => !before.has(name))
      .map((name) => `${name}\n`)
      .join(''),
  )
})
