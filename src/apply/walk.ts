import { InternalError } from '../model/errors.ts'

/** A node of a graph: `needs` are keys of nodes that have to succeed before it is visited. */
export interface WalkNode {
  readonly key: string
  readonly needs: readonly string[]
}

/** What to do with each node. */
export interface WalkSteps<N, R> {
  /** Called once all needs have succeeded. A rejection ends the walk: it is an error of ours, not an outcome. */
  visit(node: N): R | Promise<R>
  /** In place of a visit when needs did not succeed. */
  skip(node: N, unmet: readonly { readonly node: N; readonly result: R }[]): R
  succeeded(result: R): boolean
}

/**
 * Visits every node once, each as soon as its own needs are done, in the given order where several are ready.
 * Needs that are not nodes count as done. Refuses cycles before the first visit. Iterative, O(nodes + needs).
 */
export async function walk<N extends WalkNode, R>(
  nodes: readonly N[],
  steps: WalkSteps<N, R>,
): Promise<readonly R[]> {
  const graph = connect(nodes)
  refuseCycles(nodes, graph)
  const results = new Map<number, R>()
  const queue = queueOf(graph)
  const { ready } = queue

  const finish = (index: number, result: R): void => {
    results.set(index, result)
    release(index, graph, queue)
  }
  const begin = (index: number, node: N): R | Promise<R> => {
    const unmet = (graph.needs[index] ?? []).flatMap((need) => {
      const met = nodes[need]
      const result = results.get(need) as R
      return met === undefined || steps.succeeded(result) ? [] : [{ node: met, result }]
    })
    return unmet.length > 0 ? steps.skip(node, unmet) : steps.visit(node)
  }

  await new Promise<void>((resolve, reject) => {
    let next = 0
    let running = 0
    let broken: { readonly error: unknown } | undefined
    const breakOff = (error: unknown): void => {
      broken ??= { error }
    }
    const drain = (): void => {
      while (broken === undefined && next < ready.length) {
        const index = ready[next++]
        const node = index === undefined ? undefined : nodes[index]
        if (index === undefined || node === undefined) continue
        try {
          const result = begin(index, node)
          if (!(result instanceof Promise)) {
            finish(index, result)
            continue
          }
          running += 1
          result
            .then((value) => finish(index, value), breakOff)
            .finally(() => {
              running -= 1
              drain()
            })
        } catch (error) {
          breakOff(error)
        }
      }
      if (running > 0) return
      if (broken !== undefined) reject(broken.error)
      else resolve()
    }
    drain()
  })
  return nodes.map((_node, index) => results.get(index) as R)
}

interface NeedGraph {
  readonly needs: readonly (readonly number[])[]
  readonly dependents: readonly (readonly number[])[]
}

function connect(nodes: readonly WalkNode[]): NeedGraph {
  const indexByKey = new Map<string, number>()
  nodes.forEach(({ key }, index) => {
    if (indexByKey.has(key)) throw new InternalError(`the plan holds ${key} twice`)
    indexByKey.set(key, index)
  })
  const dependents: number[][] = nodes.map(() => [])
  const needs = nodes.map((node, index) => {
    const own: number[] = []
    for (const key of new Set(node.needs)) {
      const need = indexByKey.get(key)
      if (need === undefined) continue
      own.push(need)
      dependents[need]?.push(index)
    }
    return own
  })
  return { needs, dependents }
}

// Nodes in a cycle, and those behind one, never become ready.
function refuseCycles(nodes: readonly WalkNode[], graph: NeedGraph): void {
  const queue = queueOf(graph)
  const { ready, waitingFor } = queue
  for (const index of ready) release(index, graph, queue)
  if (ready.length === nodes.length) return
  const stuck = nodes.filter((_node, index) => (waitingFor[index] ?? 0) > 0).map(({ key }) => key)
  throw new InternalError(`changes need each other in a circle: ${stuck.slice(0, 5).join(', ')}`)
}

interface Queue {
  /** How many needs of each node are open. */
  readonly waitingFor: number[]
  /** Nodes without open needs, in the order in which they got there. */
  readonly ready: number[]
}

function queueOf({ needs }: NeedGraph): Queue {
  const waitingFor = needs.map((each) => each.length)
  return { waitingFor, ready: waitingFor.flatMap((count, index) => (count === 0 ? [index] : [])) }
}

function release(index: number, { dependents }: NeedGraph, { waitingFor, ready }: Queue): void {
  for (const dependent of dependents[index] ?? []) {
    const left = (waitingFor[dependent] ?? 0) - 1
    waitingFor[dependent] = left
    if (left === 0) ready.push(dependent)
  }
}
