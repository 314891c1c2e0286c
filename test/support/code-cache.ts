import { resolve } from 'node:path'

/**
 * The environment in which processes of the built CLI share their compiled code: a start takes half as long then. It is for
 * processes with a home folder of their own, which would compile everything each time.
 */
export const SHARED_CODE_CACHE = { XDG_CACHE_HOME: resolve('node_modules/.cache/vpnctl-tests') }
