import { fullFormats } from 'ajv-formats/dist/formats.js'
import { parseIp } from '../kinds/ip.ts'

/** A test for a string. */
export type FormatTest = (text: string) => boolean

const interfaceOf =
  (family: 4 | 6): FormatTest =>
  (text) =>
    text.includes('/') && parseIp(text)?.family === family

/** What the `format` keyword of the kinds' schemas means. `password` only asks editors not to show the value. */
export const FORMATS: Readonly<Record<string, RegExp | FormatTest>> = {
  'interface-ipv4': interfaceOf(4),
  'interface-ipv6': interfaceOf(6),
  network: (text) => parseIp(text) !== undefined,
  ipv4: (text) => !text.includes('/') && parseIp(text)?.family === 4,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  date: (fullFormats.date as { readonly validate: FormatTest }).validate,
  'date-time': (fullFormats['date-time'] as { readonly validate: FormatTest }).validate,
  password: () => true,
}

/** What a value of a format looks like, to be put after "must be". */
export const FORMAT_WORDS: Readonly<Record<string, string>> = {
  'interface-ipv4': 'an IPv4 address with a prefix length, such as 192.168.1.100/24',
  'interface-ipv6': 'an IPv6 address with a prefix length, such as 2001:db8::10/64',
  network: 'a network in CIDR form, such as 10.99.0.0/24',
  ipv4: 'an IPv4 address, such as 203.0.113.10',
  uuid: 'a UUID, such as 5a029f4a-72e5-11ec-90d6-0242ac120003',
  date: 'a date in the form YYYY-MM-DD',
  'date-time': 'a time with a time zone, such as 2026-11-27T10:00:00Z',
}
