declare const VPNCTL_VERSION: string | undefined

/** The version of this build; `0.0.0-source` when it runs from its sources. */
export const VERSION = typeof VPNCTL_VERSION === 'string' ? VPNCTL_VERSION : '0.0.0-source'
