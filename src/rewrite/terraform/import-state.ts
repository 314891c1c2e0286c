import { DEFAULT_LOCATION, knownLocation, LOCATIONS } from '../../kinds/locations.ts'
import { classOf } from '../../model/codes.ts'
import type { Diagnostic } from '../../model/diagnostic.ts'
import { formatPath, getPath, type PlainObject, withoutPath } from '../../model/json.ts'
import { optional } from '../../model/optional.ts'
import type { LiveResource } from '../../model/resource.ts'
import { Secret } from '../../model/secret.ts'
import { type ExportedSecret, exportYaml } from '../export.ts'
import { propertiesOf } from './properties.ts'
import { readState, type StateInstance, startOf, unusable } from './read-state.ts'

/** A secret of the state, or one that the state does not have. */
export interface ImportedSecret extends ExportedSecret {
  /** Undefined where the state does not have it. */
  readonly value?: Secret
  /** The key file that the text refers to; undefined where it refers to the environment variable. */
  readonly file?: string
}

/** A Terraform state as a file. */
export interface ImportedState {
  readonly text: string
  readonly secrets: readonly ImportedSecret[]
  /** What Terraform has to forget. */
  readonly instances: readonly StateInstance[]
  /** With errors, nothing else must be used. */
  readonly diagnostics: readonly Diagnostic[]
}

/** How a state is imported. */
export interface ImportOptions {
  readonly stack: string
  /** The name of the state file, for messages. */
  readonly file: string
  /** The folder of key files, as the text refers to it; undefined: environment variables. */
  readonly keys?: string | undefined
}

/** Makes a file of a Terraform state: ids pinned, secrets as references. */
export function importState(text: string, { stack, file, keys }: ImportOptions): ImportedState {
  const { instances, diagnostics } = readState(text, file)
  const read =
    diagnostics.length > 0 ? { live: [], secrets: new Map(), diagnostics } : resourcesOf(instances, file)
  const locations = [...new Set(read.live.map(({ location }) => location))]
  const secretOf = ({ id, field }: ExportedSecret): Secret | undefined => read.secrets.get(`${id} ${field}`)
  const fileOf = (secret: ExportedSecret): string | undefined =>
    keys === undefined || secretOf(secret) === undefined
      ? undefined
      : `${keys}/${secret.variable.toLowerCase().replaceAll('_', '-')}`
  const exported = exportYaml(
    { locations: locations.length === 0 ? [DEFAULT_LOCATION] : locations, resources: read.live },
    {
      stack,
      referTo: (secret) => {
        const path = fileOf(secret)
        return path === undefined ? { env: secret.variable } : { file: path }
      },
      title: (location) =>
        `From a Terraform state, in ${location}. Each id says which resource an entry means.`,
    },
  )
  return {
    text: exported.text,
    secrets: exported.secrets.map((secret) => ({
      ...secret,
      ...optional({ value: secretOf(secret), file: fileOf(secret) }),
    })),
    instances,
    // What the export leaves out would be unmanaged, and in no Terraform state either.
    diagnostics: [
      ...read.diagnostics,
      ...exported.diagnostics.filter(isLeftOut).map((each) => asError(each, file)),
    ],
  }
}

function isLeftOut({ code }: Diagnostic): boolean {
  return classOf(code) === 'left-out'
}

function asError(diagnostic: Diagnostic, file: string): Diagnostic {
  return {
    ...diagnostic,
    severity: 'error',
    // What an export says of the outcome is not true here: Terraform still manages both.
    message: diagnostic.message.replace(/^left out: /, '').replace(/, and (?:it stays|apply would) .*$/, ''),
    hint: 'nothing was written: give each a name of its own in Terraform, apply, and pull the state again',
    at: startOf(file),
  }
}

interface Resources {
  readonly live: readonly LiveResource[]
  /** By id and field. */
  readonly secrets: ReadonlyMap<string, Secret>
  readonly diagnostics: readonly Diagnostic[]
}

function resourcesOf(instances: readonly StateInstance[], file: string): Resources {
  const live = new Map<string, LiveResource>()
  const secrets = new Map<string, Secret>()
  const diagnostics: Diagnostic[] = []
  const known = new Set(instances.map(({ attributes }) => textOf(attributes.id)))
  const parentsFirst = [...instances].sort((a, b) => depthOf(a) - depthOf(b))
  for (const instance of parentsFirst) {
    const { kind, address, attributes } = instance
    const id = textOf(attributes.id)
    const parentId = kind.terraform?.parentId
    const parent = parentId === undefined ? undefined : live.get(textOf(attributes[parentId]))
    const location = parent?.location ?? locationOf(attributes)
    if (id === '') {
      diagnostics.push(unusable(file, address, 'it has no id', 'is it created? See: terraform plan'))
    } else if (parentId !== undefined && parent === undefined) {
      // Of a gateway that cannot be imported, that is reported already.
      if (!known.has(textOf(attributes[parentId])))
        diagnostics.push(withoutParent(file, instance, textOf(attributes[parentId])))
    } else if (location === undefined) {
      const locations = Object.keys(LOCATIONS).join(', ')
      diagnostics.push(
        unusable(
          file,
          address,
          `its location ${JSON.stringify(attributes.location)} does not exist`,
          `locations are ${locations}`,
        ),
      )
    } else {
      const { values, unknown } = propertiesOf(kind, attributes)
      diagnostics.push(...unknown.map((attribute) => notKnown(file, address, attribute)))
      for (const { path } of kind.secrets) {
        const value = getPath(values, path)
        if (typeof value === 'string') secrets.set(`${id} ${formatPath(path)}`, new Secret(value.trim()))
      }
      const spec = kind.normalise(
        kind.secrets.reduce<PlainObject>((left, { path }) => withoutPath(left, path), values),
      )
      live.set(id, {
        kind,
        location,
        parentIds: parent === undefined ? [] : [...parent.parentIds, parent.id],
        id,
        name: textOf(spec.name),
        spec,
        secrets: [],
        status: 'AVAILABLE',
        metadata: {},
      })
    }
  }
  return { live: [...live.values()], secrets, diagnostics }
}

function depthOf({ kind }: Pick<StateInstance, 'kind'>): number {
  return kind.parent === null ? 0 : 1 + depthOf({ kind: kind.parent })
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function locationOf({ location }: PlainObject): string | undefined {
  return location === undefined || location === null || location === ''
    ? DEFAULT_LOCATION
    : knownLocation(location)
}

function withoutParent(file: string, { kind, address }: StateInstance, id: string): Diagnostic {
  const parent = kind.parent?.title ?? 'parent'
  return {
    severity: 'error',
    code: 'VPN129',
    message: `${address} belongs to the ${parent} ${id === '' ? 'of an unknown id' : id}, which this state does not have`,
    hint: `import the state of the gateway, then adopt this one: vpnctl adopt ADDRESS --write`,
    at: startOf(file),
  }
}

function notKnown(file: string, address: string, attribute: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'VPN130',
    message: `left out: the attribute ${attribute} of ${address}, which this version does not know`,
    hint: 'a newer vpnctl may know it; until then every update of this resource drops it',
    at: startOf(file),
  }
}
