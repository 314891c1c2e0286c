import { type Answer, refuse } from './answer.ts'

/** Which credentials the sandbox takes. */
export interface CredentialOptions {
  /** The one bearer token that is good. Default: any credential that is not empty. */
  readonly token?: string
  /** A bearer token without the privilege: 403. */
  readonly forbiddenToken?: string
}

/** Who sends a request, or why it is refused. */
export type Caller = { readonly user: string } | { readonly refused: Answer }

/** Distinguishes callers. Users are numbered as they come, so that nothing of a credential is kept or shown. */
export class Credentials {
  readonly #options: CredentialOptions
  readonly #users = new Map<string, string>()

  constructor(options: CredentialOptions) {
    this.#options = options
  }

  identify(authorization: string | undefined): Caller {
    const credential = readCredential(authorization)
    if (credential === undefined || !this.#accepts(credential))
      return { refused: refuse(401, '315', 'Unauthorized') }
    if (credential.type === 'bearer' && credential.value === this.#options.forbiddenToken)
      return { refused: refuse(403, 'paas-feature-1', 'Forbidden: privilege accessAndManageVpn is missing') }
    return { user: this.#number(`${credential.type} ${credential.value}`) }
  }

  #accepts({ type, value }: Credential): boolean {
    const { token, forbiddenToken } = this.#options
    if (token === undefined) return true
    return type === 'bearer' && (value === token || value === forbiddenToken)
  }

  #number(key: string): string {
    const known = this.#users.get(key)
    if (known !== undefined) return known
    const user = `00000000-0000-4000-8000-${String(this.#users.size + 1).padStart(12, '0')}`
    this.#users.set(key, user)
    return user
  }
}

interface Credential {
  readonly type: 'bearer' | 'basic'
  /** The token, or the user's name. */
  readonly value: string
}

function readCredential(authorization: string | undefined): Credential | undefined {
  const [, scheme, rest = ''] = /^(bearer|basic) +(\S+)\s*$/i.exec(authorization ?? '') ?? []
  switch (scheme?.toLowerCase()) {
    case 'bearer':
      return { type: 'bearer', value: rest }
    case 'basic': {
      const text = Buffer.from(rest, 'base64').toString('utf8')
      const colon = text.indexOf(':')
      const complete = colon > 0 && colon < text.length - 1
      return complete ? { type: 'basic', value: text.slice(0, colon) } : undefined
    }
    default:
      return undefined
  }
}
