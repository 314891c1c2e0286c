import type { ResourceKind } from '../model/resource.ts'
import type { FarEndFormat } from './other-end.ts'
import { swanctl } from './swanctl.ts'
import { wgQuick } from './wg-quick.ts'

export { gatewayPublicKey, newPsk, newWireguardKeys } from './keys.ts'
export type { FarEnd, FarEndFormat, FarEndInput, FarEndOptions } from './other-end.ts'

/** Every program whose configuration can be written for the other end. */
export const FAR_ENDS: readonly FarEndFormat[] = [wgQuick, swanctl]

/** The formats for the other end of a kind. */
export function farEndsOf(kind: ResourceKind): readonly FarEndFormat[] {
  return FAR_ENDS.filter((format) => format.kind === kind)
}
