import { isPlainObject, type Plain, type PlainObject } from '../../src/model/json.ts'
import type { JsonSchema, ResourceKind } from '../../src/model/resource.ts'
import type { Dice } from './dice.ts'

/** Random values that fit the kinds' own schemas, in their shortest form. Addresses and keys come up once. */
export class Values {
  readonly #dice: Dice
  #addresses = 0
  #networks = 0
  #lans = 0
  #datacenter = ''

  constructor(dice: Dice) {
    this.#dice = dice
  }

  /** Properties of a resource, secrets among them. */
  properties(kind: ResourceKind, name: string): PlainObject {
    this.#datacenter = this.#uuid()
    const { anyOf } = kind.schema as { anyOf?: readonly { required: readonly string[] }[] }
    return { ...this.#object(kind.schema, anyOf?.[0]?.required ?? []), name }
  }

  /** The same resource with one property changed, as someone else would have left it. */
  drifted(kind: ResourceKind, properties: PlainObject): PlainObject {
    const schemas = kind.schema.properties as Readonly<Record<string, JsonSchema>>
    const fields = Object.keys(schemas).filter(
      (field) => field !== 'name' && kind.secrets.every(({ path }) => path.length === 1 || path[0] !== field),
    )
    const field = this.#dice.pick(fields)
    return { ...properties, [field]: this.#value(field, schemas[field] ?? {}) }
  }

  /** A public address that nobody has. */
  address(): string {
    const number = this.#addresses++
    return `${['203.0.113', '198.51.100', '192.0.2'][number % 3]}.${1 + Math.floor(number / 3)}`
  }

  #object(schema: JsonSchema, alsoRequired: readonly string[]): PlainObject {
    const required = [...((schema.required ?? []) as readonly string[]), ...alsoRequired]
    const made: Record<string, Plain> = {}
    for (const [field, inner] of Object.entries(schema.properties as Readonly<Record<string, JsonSchema>>)) {
      if (required.includes(field) || this.#dice.chance(0.5)) made[field] = this.#value(field, inner)
    }
    return made
  }

  #value(field: string, schema: JsonSchema): Plain {
    const special = this.#special(field, schema)
    if (special !== undefined) return special
    if (Array.isArray(schema.enum)) return this.#dice.pick(schema.enum as readonly Plain[])
    if (isPlainObject(schema.properties)) return this.#object(schema, [])
    if (schema.type === 'array') {
      const length = this.#dice.int(Number(schema.minItems ?? 0), 3)
      return Array.from({ length }, () => this.#value('', schema.items as JsonSchema))
    }
    if (schema.type === 'integer') {
      return this.#dice.int(Math.max(1, Number(schema.minimum)), Number(schema.maximum))
    }
    const example = (schema.examples as readonly Plain[] | undefined)?.[0]
    if (example === undefined) throw new Error(`no idea of a value for ${field}`)
    return example
  }

  #special(field: string, schema: JsonSchema): Plain | undefined {
    const dice = this.#dice
    switch (field) {
      case 'gatewayIP':
        return this.address()
      case 'datacenterId':
        return this.#datacenter
      case 'lanId':
        return String(++this.#lans)
      case 'time':
        return `${two(dice.int(0, 23))}:${two(dice.int(0, 59))}:${two(dice.int(0, 59))}`
      case 'publicKey':
      case 'privateKey':
        return dice.bytes(32).toString('base64')
      case 'key':
        return dice.bytes(24).toString('base64url')
      case 'host':
      case 'remoteHost':
        return `site-${dice.int(1, 999_999)}.example.com`
      case 'description':
        return `# ${dice.pick(['plain', '"quoted": [x]', 'größer, 東京', '{{ braces }}'])} ${dice.int(1, 99)}`
    }
    const network = this.#networks
    switch (schema.format) {
      case 'interface-ipv4':
        this.#networks++
        return `10.${network >> 8}.${network & 255}.1/24`
      case 'interface-ipv6':
        this.#networks++
        return `2001:db8:${(network + 1).toString(16)}::1/64`
      case 'network':
        this.#networks++
        return `10.${network >> 8}.${network & 255}.0/24`
      default:
        return undefined
    }
  }

  #uuid(): string {
    const hex = this.#dice.bytes(16).toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
  }

  /** An id as the service itself gives them. */
  serviceId(): string {
    return this.#uuid()
  }
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
