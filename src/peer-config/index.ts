import type { ResourceKind } from '../model/resource.ts'
import type { OtherEndFormat } from './other-end.ts'
import { jsonSheet, sheet } from './sheet.ts'
import { swanctl } from './swanctl.ts'
import { wgQuick } from './wg-quick.ts'

export { fileName, interfaceName } from './file-names.ts'
export { gatewayPublicKey, newPsk, newWireguardKeys } from './keys.ts'
export type { OtherEnd, OtherEndFormat, OtherEndInput, OtherEndOptions } from './other-end.ts'
export { outdatedEnds } from './outdated.ts'

/** Every program whose configuration can be written for the other end. */
export const OTHER_ENDS: readonly OtherEndFormat[] = [wgQuick, swanctl, sheet, jsonSheet]

/** The formats for the other end of a kind. */
export function otherEndsOf(kind: ResourceKind): readonly OtherEndFormat[] {
  return OTHER_ENDS.filter((format) => format.kind === kind)
}
