/** The forms of a status. */
export const STATUS_FORMATS = ['text', 'wide', 'json', 'yaml', 'csv'] as const

/** What `--sort` takes. */
export const SORTS = ['address', 'name', 'age', 'change', 'status', 'owner'] as const
