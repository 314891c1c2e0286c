// Bundles the simulation and runs it: npm run simulate -- --seed 1 --trace
import { pathToFileURL } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { bundleSimulation } from './bundle.mjs'

// The engine's code is wide and each part of it runs rarely: V8 optimises too much of it too early. A flag of V8 11 (Node 20).
if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=1000000')
const outfile = await bundleSimulation('simulation.mjs', { sourcemap: 'inline' })
process.setSourceMapsEnabled(true)
await import(pathToFileURL(outfile).href)
