import type { LiveResource } from '../model/resource.ts'
import { samePlain } from '../plan/changes/field-diff.ts'

/**
 * Recognises reads that show a resource as it was before an update that the service has accepted: reads may lag behind
 * writes. The date of the last change decides; where it is not moved by the write, or not given, the content does. A
 * repair sends the content that already exists, so FAILED with the old date counts as the state from before it, and so does
 * DESTROYING: the service does not accept a write of what is being destroyed.
 */
export function outdatedReads(before: LiveResource, answer: LiveResource): (read: LiveResource) => boolean {
  const was = before.metadata.lastModifiedDate
  const is = answer.metadata.lastModifiedDate
  if (was !== undefined && is !== undefined && was !== is) {
    return ({ metadata }) => metadata.lastModifiedDate === was
  }
  const hasNewContent = !samePlain(before.spec, answer.spec)
  return ({ metadata, spec, status }) =>
    metadata.lastModifiedDate === was &&
    samePlain(spec, before.spec) &&
    (hasNewContent || (before.status === 'FAILED' && (status === 'FAILED' || status === 'DESTROYING')))
}
