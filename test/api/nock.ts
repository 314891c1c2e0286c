import nock from 'nock'
import { afterAll, afterEach, beforeAll } from 'vitest'

// To import it is to activate it. While it is active, each request opens a connection of its own, whatever its agent says.
nock.restore()

/** Lets nock answer the requests of a test file; those without an answer fail. */
export function answerByNock(): void {
  beforeAll(() => {
    nock.activate()
    nock.disableNetConnect()
  })
  afterEach(() => nock.cleanAll())
  afterAll(() => nock.restore())
}

export { nock }
