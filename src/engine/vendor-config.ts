import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Credentials } from '../api/options.ts'
import { MAX_FILE_BYTES } from '../config/limits.ts'
import { parsePlainYaml } from '../config/plain.ts'
import { readLimited } from '../config/read-limited.ts'
import { errorCode } from '../model/errors.ts'
import { credentialsOf, type Environment, text } from './environment.ts'
import { type Mapping, Misfit, type Path, VendorValues } from './vendor-values.ts'

/** An endpoint that the file gives in place of the built-in one. */
export interface EndpointOverride {
  /** Undefined: for every location without one of its own. */
  readonly location: string | undefined
  readonly url: string
  readonly skipTlsVerify: boolean
  /** PEM of a certificate authority to trust in addition to the known ones. */
  readonly ca: string | undefined
  /** `config.yaml:12:9`. */
  readonly place: string
}

/** What the configuration file of ionosctl and the IONOS SDKs says about this API. */
export interface VendorConfig {
  readonly path: string
  /** True where others than its owner may read it. */
  readonly isOpen: boolean
  readonly profile: string | undefined
  readonly environment: string | undefined
  readonly credentials: Credentials | undefined
  readonly endpoints: readonly EndpointOverride[]
}

/** Where the file was looked for and what was found. */
export type VendorConfigSearch =
  | { readonly type: 'none'; readonly lookedAt: readonly string[] }
  | { readonly type: 'found'; readonly config: VendorConfig }
  /** A sentence with its place; nothing of the file is quoted but names of profiles and environments. */
  | { readonly type: 'broken'; readonly problem: string }

/** What decides which file and which part of it. */
export interface VendorConfigQuery {
  readonly env: Environment
  readonly cwd: string
  /** A file that the user named. */
  readonly file?: string | undefined
  /** A profile that the user named. */
  readonly profile?: string | undefined
  /** Ends the wait for a file that is a pipe; the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined
}

const PRODUCT = 'vpn'

/** Reads the file, if there is one. Never throws for what is in it. */
export async function findVendorConfig(query: VendorConfigQuery): Promise<VendorConfigSearch> {
  const named = namedFile(query)
  const candidates = named === undefined ? usualFiles(query.env) : [named.path]
  for (const path of candidates) {
    const read = await readIfThere(path, query.signal)
    switch (read.type) {
      case 'absent':
        if (named === undefined) continue
        return { type: 'broken', problem: `${path} does not exist; ${named.source} names it` }
      case 'unreadable':
        return { type: 'broken', problem: `${path} cannot be read (${read.code})` }
      case 'read':
        return interpret(path, read, query)
      default:
        read satisfies never
    }
  }
  const [wanted, place] = askedProfile(query)
  if (wanted !== undefined) {
    const problem = `${place} asks for the profile ${JSON.stringify(wanted)}, and there is no configuration file`
    return { type: 'broken', problem }
  }
  return { type: 'none', lookedAt: candidates }
}

function namedFile({ file, env, cwd }: VendorConfigQuery) {
  for (const [source, path] of [
    ['--config', text(file)],
    ['IONOS_CONFIG_FILE', text(env.IONOS_CONFIG_FILE)],
  ] as const) {
    if (path !== undefined) return { path: resolve(cwd, path), source }
  }
  return undefined
}

// The CLI asks the system for its folder (another one on macOS and on Windows); the SDKs and the Terraform provider
// look in the home folder, and their documents disagree about the ending.
function usualFiles(env: Environment): readonly string[] {
  const home = text(env.HOME) ?? text(env.USERPROFILE)
  const folders = [
    text(env.XDG_CONFIG_HOME) ?? (home === undefined ? undefined : join(home, '.config')),
    home === undefined ? undefined : join(home, 'Library', 'Application Support'),
    text(env.APPDATA),
  ]
  const ofCli = folders.flatMap((folder) =>
    folder === undefined ? [] : [join(folder, 'ionosctl', 'config.yaml')],
  )
  const ofSdk =
    home === undefined ? [] : [join(home, '.ionos', 'config'), join(home, '.ionos', 'config.yaml')]
  return [...ofCli, ...ofSdk]
}

type Read =
  | { readonly type: 'absent' }
  | { readonly type: 'unreadable'; readonly code: string }
  | { readonly type: 'read'; readonly text: string; readonly isOpen: boolean }

async function readIfThere(path: string, signal: AbortSignal | undefined): Promise<Read> {
  try {
    const { mode } = await stat(path)
    const bytes = await readLimited(path, { maxBytes: MAX_FILE_BYTES, signal })
    if (bytes.length > MAX_FILE_BYTES) return { type: 'unreadable', code: 'larger than 10 MB' }
    return { type: 'read', text: Buffer.from(bytes).toString('utf8'), isOpen: (mode & 0o044) !== 0 }
  } catch (error) {
    signal?.throwIfAborted()
    const code = errorCode(error)
    return code === 'ENOENT' || code === 'ENOTDIR' ? { type: 'absent' } : { type: 'unreadable', code }
  }
}

function interpret(
  path: string,
  { text: content, isOpen }: Extract<Read, { type: 'read' }>,
  query: VendorConfigQuery,
): VendorConfigSearch {
  const yaml = parsePlainYaml(content)
  if (yaml.type === 'broken')
    return { type: 'broken', problem: `${path}:${yaml.at} is not YAML from here on` }
  const file = new VendorValues(path, yaml.at)
  try {
    const root = file.mapping(yaml.value ?? {}, [], 'the file')
    const profile = chooseProfile(file, root, query)
    const environment = chooseEnvironment(file, root, profile)
    return {
      type: 'found',
      config: {
        path,
        isOpen,
        profile: profile?.name,
        environment: environment?.name,
        credentials: profile?.credentials,
        endpoints: environment?.endpoints ?? [],
      },
    }
  } catch (error) {
    if (error instanceof Misfit) return { type: 'broken', problem: error.message }
    throw error
  }
}

function askedProfile({ env, profile }: VendorConfigQuery) {
  return text(profile) === undefined
    ? ([text(env.IONOS_CURRENT_PROFILE), 'IONOS_CURRENT_PROFILE'] as const)
    : ([text(profile), '--profile'] as const)
}

function chooseProfile(file: VendorValues, root: Mapping, query: VendorConfigQuery) {
  const profiles = file.list(root, 'profiles', [])
  const [asked, by] = askedProfile(query)
  const wanted = asked ?? file.text(root, 'currentProfile', [])
  const place = asked === undefined ? file.place(['currentProfile']) : by
  if (wanted === undefined) return undefined
  const found = profiles.find(({ value, path }) => same(file.text(value, 'name', path), wanted))
  if (found === undefined) {
    const names = profiles.flatMap(({ value, path }) => file.text(value, 'name', path) ?? [])
    const there =
      names.length === 0 ? 'no profile' : `only ${names.map((name) => JSON.stringify(name)).join(', ')}`
    throw new Misfit(
      `${place} asks for the profile ${JSON.stringify(wanted)}, and ${file.place(['profiles'])} has ${there}`,
    )
  }
  const { value, path } = found
  const given = value.credentials ?? {}
  const at = [...path, 'credentials']
  const credentials = file.mapping(given, at, '"credentials"')
  return {
    name: wanted,
    environment: file.text(value, 'environment', path),
    environmentPath: [...path, 'environment'] as Path,
    credentials: credentialsOf(
      file.asWritten(credentials, 'token', at),
      file.asWritten(credentials, 'username', at),
      file.asWritten(credentials, 'password', at),
    ),
  }
}

function chooseEnvironment(file: VendorValues, root: Mapping, profile: ReturnType<typeof chooseProfile>) {
  const environments = file.list(root, 'environments', [])
  const wanted = profile?.environment
  const found = environments.find(({ value, path }) =>
    wanted === undefined
      ? file.list(value, 'products', path).some((product) => isOurs(file, product))
      : file.text(value, 'name', path) === wanted,
  )
  if (found === undefined) {
    if (profile === undefined || wanted === undefined || environments.length === 0) return undefined
    return file.fail(profile.environmentPath, `the environment ${JSON.stringify(wanted)} is not in the file`)
  }
  const { value, path } = found
  const shared = file.certificate(value, path)
  const endpoints = file
    .list(value, 'products', path)
    .filter((product) => isOurs(file, product))
    .flatMap((product) => file.list(product.value, 'endpoints', product.path))
    .map((endpoint): EndpointOverride => {
      const url = file.text(endpoint.value, 'name', endpoint.path)
      return {
        location: file.text(endpoint.value, 'location', endpoint.path)?.toLowerCase().replaceAll('-', '/'),
        url: (url ?? file.fail(endpoint.path, 'this endpoint has no "name", which is the URL')).replace(
          /\/+$/,
          '',
        ),
        skipTlsVerify: file.flag(endpoint.value, 'skipTlsVerify', endpoint.path),
        ca: file.certificate(endpoint.value, endpoint.path) ?? shared,
        place: file.place([...endpoint.path, 'name']),
      }
    })
  return { name: file.text(value, 'name', path), endpoints }
}

function isOurs(
  file: VendorValues,
  { value, path }: { readonly value: Mapping; readonly path: Path },
): boolean {
  return same(file.text(value, 'name', path), PRODUCT)
}

function same(a: string | undefined, b: string): boolean {
  return a?.trim().toLowerCase() === b.trim().toLowerCase()
}
