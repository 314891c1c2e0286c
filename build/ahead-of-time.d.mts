import type { Plugin } from 'esbuild'

/** Puts compiled validators in the place of src/schema/compile.ts. */
export function validatorsAheadOfTime(): Plugin
