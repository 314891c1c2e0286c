/** Files to start from, each with what it is for. */
export const TEMPLATES = {
  'road-warriors': 'people and laptops that dial in (WireGuard)',
  'site-to-site': 'an office or a data center that is joined (IPSec)',
  minimal: 'only version, stack and location',
} as const

/** The name of a template. */
export type TemplateName = keyof typeof TEMPLATES
