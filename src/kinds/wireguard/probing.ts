import type { CanaryField, Probing } from '../../model/probe.ts'
import { parseIp } from '../ip.ts'
import { YAML_OVERLAY } from '../schema-parts.ts'
import { derivePublicKey, rawPublicKey } from './keys.ts'
import { privateKeyProblem } from './private-key.ts'

const canary: CanaryField = {
  member: 'probe',
  path: ['probe', 'privateKey'],
  schema: {
    type: 'object',
    description:
      'Makes the peer a canary: `vpnctl probe` uses its key for handshakes with the gateway. For a peer that no person or site uses. Never sent to the API.',
    required: ['privateKey'],
    additionalProperties: false,
    properties: {
      privateKey: {
        description:
          'Private key of the canary, the other half of its publicKey. A reference: { env: NAME } or { file: path }. Only probes read it.',
        examples: [{ env: 'HQ_CANARY_PRIVATE_KEY' }],
        [YAML_OVERLAY]: { $ref: '#/$defs/secret' },
      },
    },
    examples: [{ privateKey: { env: 'HQ_CANARY_PRIVATE_KEY' } }],
  },
  secret: { problem: privateKeyProblem, trim: true, example: 'wg genkey' },
}

/** Peers are probed by a handshake with their own key, so only canaries are. */
export const peerProbing: Probing = {
  canary,
  names: ({ endpoint }) => {
    const host =
      typeof endpoint === 'object' && endpoint !== null && 'host' in endpoint ? endpoint.host : undefined
    return typeof host === 'string' && parseIp(host) === undefined ? [{ field: 'endpoint.host', host }] : []
  },
  target: ({ spec: { gatewayIP, listenPort }, secrets, metadata }) => {
    if (typeof gatewayIP !== 'string' || typeof listenPort !== 'number') return undefined
    const own = secrets.map(({ value }) => (value === null ? undefined : derivePublicKey(value.reveal())))
    const live = metadata?.publicKey === undefined ? undefined : rawPublicKey(metadata.publicKey)
    return {
      protocol: 'wireguard',
      host: gatewayIP,
      port: listenPort,
      gatewayKey: own.find((key) => key !== undefined) ?? live,
    }
  },
}
