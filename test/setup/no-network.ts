import nock from 'nock'
import { afterAll } from 'vitest'

// Tests speak to loopback only.
nock.disableNetConnect()
nock.enableNetConnect(/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/)
afterAll(() => nock.cleanAll())
