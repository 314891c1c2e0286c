import { KINDS } from '../../kinds/index.ts'
import type { Diagnostic, SourceRange } from '../../model/diagnostic.ts'
import { isPlainObject, type Plain, type PlainObject } from '../../model/json.ts'
import type { ResourceKind } from '../../model/resource.ts'

/** A resource of a Terraform state that this program manages. */
export interface StateInstance {
  readonly kind: ResourceKind
  /** `module.vpn.TYPE.hq["a"]`. */
  readonly address: string
  /** The address without the index of the resource: what a `removed` block names. */
  readonly block: string
  /** Secrets in clear are among them. */
  readonly attributes: PlainObject
}

/** What a state has, and what is wrong with it. */
export interface ReadState {
  readonly instances: readonly StateInstance[]
  readonly diagnostics: readonly Diagnostic[]
}

const VERSION = 4

/** Reads a Terraform state file. No message has any of its text but names and types. */
export function readState(text: string, file: string): ReadState {
  const state = parse(text)
  if (!isPlainObject(state)) return none(notAState(file, 'it is not a JSON object'))
  if ('format_version' in state) {
    return none(notAState(file, 'it is the output of terraform show -json, which has another form'))
  }
  if ('encrypted_data' in state) return none(notAState(file, 'it is encrypted'))
  if (typeof state.version !== 'number' || !Array.isArray(state.resources)) {
    return 'modules' in state && state.version === 3
      ? none(notAState(file, 'it is of version 3, from Terraform 0.11 or before'))
      : none(notAState(file, 'it has no version and no list of resources'))
  }
  if (state.version !== VERSION) {
    return none(notAState(file, `it is of version ${state.version}, and only version ${VERSION} is known`))
  }
  const resources = (state.resources as readonly Plain[]).filter(isPlainObject)
  const found = resources.map((resource) => instancesOf(resource, file))
  const result = {
    instances: found.flatMap(({ instances }) => instances),
    diagnostics: found.flatMap(({ diagnostics }) => diagnostics),
  }
  return result.instances.length + result.diagnostics.length > 0
    ? result
    : none(nothingOfOurs(resources, file))
}

function parse(text: string): unknown {
  try {
    // A byte order mark is what PowerShell writes in front of the output of a command.
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}

function none(diagnostic: Diagnostic): ReadState {
  return { instances: [], diagnostics: [diagnostic] }
}

function instancesOf(resource: PlainObject, file: string): ReadState {
  const kind = KINDS.find(({ terraform }) => terraform !== undefined && terraform.type === resource.type)
  if (kind === undefined || resource.mode !== 'managed') return { instances: [], diagnostics: [] }
  const module = typeof resource.module === 'string' ? `${resource.module}.` : ''
  const own = `${String(resource.type)}.${String(resource.name)}`
  const instances: StateInstance[] = []
  const diagnostics: Diagnostic[] = []
  for (const instance of Array.isArray(resource.instances) ? (resource.instances as readonly Plain[]) : []) {
    if (!isPlainObject(instance)) continue
    const address = `${module}${own}${indexText(instance.index_key)}`
    const { attributes, deposed, status } = instance
    const refuse = (why: string, hint: string): unknown =>
      diagnostics.push(unusable(file, address, why, hint))
    if (deposed !== undefined)
      refuse('it has a deposed object, which a failed replacement left', 'finish it first: terraform apply')
    else if (status === 'tainted')
      refuse(
        'it is tainted: Terraform would replace it',
        `decide first: terraform untaint '${address}', or terraform apply`,
      )
    else if (!isPlainObject(attributes))
      refuse('it has no attributes', 'write the state again: terraform apply -refresh-only')
    else instances.push({ kind, address, block: `${withoutIndices(module)}${own}`, attributes })
  }
  return { instances, diagnostics }
}

function indexText(key: Plain | undefined): string {
  if (typeof key === 'number') return `[${key}]`
  return typeof key === 'string' ? `[${JSON.stringify(key)}]` : ''
}

// A removed block is about all instances of a module and of a resource.
function withoutIndices(module: string): string {
  return module.replace(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, '')
}

/** The start of a file. */
export function startOf(file: string): SourceRange {
  const position = { line: 1, column: 1, offset: 0 }
  return { file, start: position, end: position }
}

function notAState(file: string, why: string): Diagnostic {
  return {
    severity: 'error',
    code: 'VPN125',
    message: `this is not a Terraform state that can be read: ${why}`,
    hint: 'write one with: terraform state pull > copy.tfstate',
    at: startOf(file),
  }
}

function nothingOfOurs(resources: readonly PlainObject[], file: string): Diagnostic {
  const types = [...new Set(resources.map(({ type }) => String(type)))]
  const shown = types.length > 5 ? [...types.slice(0, 5), `${types.length - 5} more`] : types
  const known = KINDS.flatMap(({ terraform }) => terraform?.type ?? [])
  return {
    severity: 'error',
    code: 'VPN126',
    message:
      types.length === 0
        ? 'the state has no resources'
        : `the state has no VPN resources; it has ${shown.join(', ')}`,
    hint: `types that can be imported: ${known.join(', ')}. Is it the state of the right workspace (terraform workspace show)?`,
    at: startOf(file),
  }
}

/** An instance that cannot be imported. */
export function unusable(file: string, address: string, why: string, hint: string): Diagnostic {
  return {
    severity: 'error',
    code: 'VPN128',
    message: `${address} cannot be imported: ${why}`,
    hint,
    at: startOf(file),
  }
}
