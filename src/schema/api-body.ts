import type { ResourceKind } from '../model/resource.ts'
import { explainErrors } from './explain-errors.ts'
import { formatValuePath } from './schema-error.ts'
import { validatorOf } from './validators.ts'

/** One thing that is wrong with a request body. */
export interface BodyProblem {
  /** Inside `properties`: `connections[0].lanId`; empty for the whole. */
  readonly path: string
  readonly message: string
}

/** Checks the `properties` of an API request against a kind's schema. No message contains a secret's value. */
export function checkBody(kind: ResourceKind, properties: unknown): readonly BodyProblem[] {
  const problems = explainErrors(validatorOf(kind.name)(properties), properties)
  return problems.map((problem) => ({ path: formatValuePath(problem.path), message: problem.message }))
}
