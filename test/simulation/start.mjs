// Bundles the simulation and runs it: npm run simulate -- --seed 1 --trace
import { pathToFileURL } from 'node:url'
import { bundleSimulation } from './bundle.mjs'

const outfile = await bundleSimulation('simulation.mjs', { sourcemap: 'inline' })
process.setSourceMapsEnabled(true)
await import(pathToFileURL(outfile).href)
