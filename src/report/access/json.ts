import { type AccessEnd, accessEnd } from '../../access/lines.ts'
import { networkTexts } from '../../access/network-texts.ts'
import { type AccessAnswer, unreachedOf } from './table.ts'

/** An answer of `vpnctl access`, described by schemas/access.schema.json. Members are only added within a version. */
export interface AccessDocument {
  readonly format: 'vpnctl/access'
  readonly version: 1
  readonly stack: string
  readonly source: 'files' | 'live'
  /** The question, as asked; `-` is all. */
  readonly from: string
  readonly to: string
  readonly access: readonly {
    readonly from: AccessEnd
    readonly sources: readonly string[]
    readonly to: AccessEnd
    readonly networks: readonly string[]
    readonly through: readonly AccessEnd[]
  }[]
  /** Of a network that was asked about, what nobody in the answer reaches. */
  readonly unreached: readonly string[]
}

/** The answer as a JSON value. */
export function accessDocument(answer: AccessAnswer): AccessDocument {
  const { stack, source, from, to, reached, nameOf } = answer
  return {
    format: 'vpnctl/access',
    version: 1,
    stack,
    source,
    from: from.text,
    to: to.text,
    access: reached.map((reach) => ({
      from: accessEnd(reach.from, nameOf),
      sources: networkTexts(reach.sources),
      to: accessEnd(reach.to, nameOf),
      networks: networkTexts(reach.destinations),
      through: reach.through.map((gateway) => accessEnd(gateway, nameOf)),
    })),
    unreached: networkTexts(unreachedOf(answer)),
  }
}
