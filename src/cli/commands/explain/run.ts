import { closest, didYouMean } from '../../../model/closest.ts'
import { EXPLANATIONS, type Explanation, explain } from '../../../model/codes.ts'
import type { FieldDoc } from '../../../model/field-doc.ts'
import { looksLikeKey } from '../../../model/key-form.ts'
import { renderExplanationJson } from '../../../report/explain/json.ts'
import { renderExplanation, renderFields, renderTopics } from '../../../report/explain/text.ts'
import { fieldDocs, fieldNames, findFields, plainName } from '../../../schema/field-docs.ts'
import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'

/** Flags of `explain`. */
export interface ExplainFlags {
  readonly recursive?: boolean
}

/** `vpnctl explain`. */
export async function run(
  context: Context,
  { recursive = false }: ExplainFlags,
  [topic]: readonly [string?],
): Promise<number> {
  const { codes, fields } = topic === undefined ? allTopics() : lookUp(topic)
  const style = context.style.out
  if (context.json) context.out(renderExplanationJson(codes, fields, recursive))
  else if (topic === undefined) context.out(renderTopics(codes, fields, recursive, style))
  else {
    const parts = codes.map((code) => renderExplanation(code, style))
    context.out([...parts, ...(fields.length > 0 ? [renderFields(fields, recursive, style)] : [])].join('\n'))
  }
  return exitCode('ok')
}

interface Found {
  readonly codes: readonly Explanation[]
  readonly fields: readonly FieldDoc[]
}

function allTopics(): Found {
  return { codes: EXPLANATIONS, fields: fieldDocs() }
}

// `error[VPN301]:`, as it is copied from a terminal, is a code too.
const CODE = /^(?:(?:error|warning)\[)?(?:vpn)?(\d{3})\]?:?$/i

function lookUp(topic: string): Found {
  const digits = CODE.exec(topic.trim())?.[1]
  if (digits !== undefined) {
    const code = explain(`VPN${digits}`)
    if (code === undefined) throw unknown(`code "VPN${digits}"`, nearestCode(Number(digits)))
    return { codes: [code], fields: [] }
  }
  const docs = fieldDocs()
  const fields = findFields(docs, topic)
  if (fields.length === 0) throw unknownField(topic, closest(plainName(topic), fieldNames(docs)))
  return { codes: [], fields }
}

// Codes of one hundred are about one thing.
function nearestCode(number: number): string | undefined {
  const alike = EXPLANATIONS.filter(({ code }) => code[3] === String(number)[0])
  const distance = ({ code }: Explanation): number => Math.abs(Number(code.slice(3)) - number)
  return alike.toSorted((a, b) => distance(a) - distance(b))[0]?.code
}

// A key that was pasted here by mistake must not get into the log of a pipeline; what is close to a field is none.
function unknownField(topic: string, meant: string | undefined): Failure {
  const isName = meant !== undefined || (NAME.test(topic) && !looksLikeKey(topic))
  return unknown(isName ? `field ${JSON.stringify(topic)}` : 'such field', meant)
}

const NAME = /^[\w.[\]-]{1,100}$/

function unknown(what: string, meant: string | undefined): Failure {
  return new Failure('usage', `there is no ${what}${didYouMean(meant)}`, {
    hint: meant === undefined ? 'vpnctl explain lists all' : `vpnctl explain ${meant}`,
  })
}
