import type { Wanted } from './desired-builder.ts'
import { peer, throwAwayKey, wireguard } from './desired-builder.ts'

/** A file of `gateways` WireGuard gateways with `peers` peers each. */
export function largeEstate(
  gateways: number,
  peers: number,
  more: Readonly<Record<string, unknown>> = {},
): Wanted {
  return {
    wireguardGateways: Array.from({ length: gateways }, (_, g) =>
      wireguard(`gw-${g}`, {
        gatewayIP: `198.${18 + (g >> 16)}.${(g >> 8) & 255}.${g & 255}`,
        privateKey: throwAwayKey(g),
        ...more,
        peers: Array.from({ length: peers }, (_, p) => peer(`p-${p}`, g * peers + p, more)),
      }),
    ),
  }
}
