import { escapedDocument } from '../../../model/safe-text.ts'
import { type Graph, graphOfDesired, graphOfPlan } from '../../../report/graph/model.ts'
import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { loadDesired } from '../../files/desired.ts'
import { refuseToReplace, writeWholeFile } from '../../files/write-file.ts'
import { type FileFlags, type PlanFlags, planFlagsGiven, type RemoteFlags } from '../../flags/options.ts'
import { planStack } from '../../session/read-live.ts'
import { locationChoice } from '../../session/stack-session.ts'
import { planOptions } from '../plan/run.ts'

/** Flags of `graph`. */
export interface GraphFlags extends FileFlags, RemoteFlags, PlanFlags {
  readonly format: 'mermaid' | 'dot' | 'svg' | 'html'
  readonly plan?: boolean
  readonly out?: string
}

// As each format begins.
const DIAGRAM = { what: 'a diagram', begins: /^(?:flowchart|digraph|<svg|<!doctype html)\b/i }

/** `vpnctl graph`. */
export async function run(context: Context, flags: GraphFlags): Promise<number> {
  refuseWithoutPlan(context, flags)
  if (flags.out !== undefined) await refuseToReplace(context.io.cwd, flags.out, DIAGRAM)
  const graph = await graphOf(context, flags)
  const diagram = await render(graph, flags.format)
  if (flags.out === undefined) context.document(escapedDocument(diagram))
  else await writeWholeFile(context, flags.out, diagram)
  return exitCode('ok')
}

function refuseWithoutPlan({ io }: Context, flags: GraphFlags): void {
  if (flags.plan === true) return
  const given = planFlagsGiven(flags, io.env)
  if (given !== '') throw new Failure('usage', `without --plan, ${given} would change nothing`)
}

async function graphOf(context: Context, flags: GraphFlags): Promise<Graph> {
  const { desired } = await loadDesired(context, flags, flags.plan === true ? 'optional' : 'ignore')
  if (flags.plan !== true) return graphOfDesired(desired)
  const choice = locationChoice(flags)
  const { plan } = await planStack(context, flags, desired, choice, planOptions(flags))
  return graphOfPlan(plan)
}

async function render(graph: Graph, format: GraphFlags['format']): Promise<string> {
  switch (format) {
    case 'mermaid':
      return (await import('../../../report/graph/mermaid.ts')).renderMermaid(graph)
    case 'dot':
      return (await import('../../../report/graph/dot.ts')).renderDot(graph)
    case 'svg':
      return (await import('../../../report/graph/svg.ts')).renderSvg(graph)
    case 'html':
      return (await import('../../../report/graph/html.ts')).renderHtml(graph)
    default:
      return format satisfies never
  }
}
