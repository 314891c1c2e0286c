/**
 * The locations of the service and the one base URL of each. An endpoint lists only its own resources, and a
 * wrong one answers 404 for an id that exists elsewhere. Source: vendor Go SDK server list.
 */
export const LOCATIONS: Readonly<Record<string, string>> = {
  'de/fra': 'https://vpn.de-fra.ionos.com',
  'de/fra/1': 'https://vpn.de-fra.ionos.com',
  'de/fra/2': 'https://vpn.de-fra.ionos.com',
  'de/txl': 'https://vpn.de-txl.ionos.com',
  'es/vit': 'https://vpn.es-vit.ionos.com',
  'fr/par': 'https://vpn.fr-par.ionos.com',
  'gb/bhx': 'https://vpn.gb-bhx.ionos.com',
  'gb/lhr': 'https://vpn.gb-lhr.ionos.com',
  'us/ewr': 'https://vpn.us-ewr.ionos.com',
  'us/las': 'https://vpn.us-las.ionos.com',
  'us/mci': 'https://vpn.us-mci.ionos.com',
}

/** The location of a file that names none, as with the IONOS tools. */
export const DEFAULT_LOCATION = 'de/fra'

/** Locations that share an endpoint share their resources: `de/fra/1` and `de/fra/2` are `de/fra`. */
export function canonicalLocation(location: string): string {
  const url = LOCATIONS[location]
  return Object.keys(LOCATIONS).find((name) => LOCATIONS[name] === url) ?? location
}

/** {@link canonicalLocation} of a value that names a location; undefined for every other value. */
export function knownLocation(value: unknown): string | undefined {
  return typeof value === 'string' && Object.hasOwn(LOCATIONS, value) ? canonicalLocation(value) : undefined
}
