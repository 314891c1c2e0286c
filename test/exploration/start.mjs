// Bundles the exploration and runs it: npm run explore
import { pathToFileURL } from 'node:url'
import { bundleSimulation } from '../simulation/bundle.mjs'

const outfile = await bundleSimulation('exploration.mjs', { entryPoints: ['test/exploration/command.ts'] })
await import(pathToFileURL(outfile).href)
