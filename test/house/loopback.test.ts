import { request } from 'node:http'
import { request as requestByTls } from 'node:https'
import { connect } from 'node:net'
import { connect as connectByTls } from 'node:tls'
import { expect, test } from 'vitest'

// An address and a name of the documentation's: whoever sends there waits or finds nothing, if nothing else stops it.
const ADDRESS = '192.0.2.1'
const NAME = 'vpn.example.com'

interface Started {
  once(name: 'error', reported: (error: Error) => void): unknown
}

const failure = (start: Started): Promise<Error> => new Promise((reported) => start.once('error', reported))

const WAYS: readonly [string, (host: string) => Promise<Error>][] = [
  ['a socket', (host) => failure(connect(80, host))],
  ['a socket with options', (host) => failure(connect({ port: 80, host, path: '' }))],
  ['TLS', (host) => failure(connectByTls({ port: 443, host }))],
  ['HTTP', (host) => failure(request(`http://${host}`).end())],
  ['HTTP with a body', (host) => failure(request(`http://${host}`, { method: 'PUT' }).end('body'))],
  ['HTTP without an agent', (host) => failure(request(`http://${host}/path`, { agent: false }).end())],
  ['HTTPS', (host) => failure(requestByTls(`https://${host}`).end())],
  [
    'fetch',
    (host) =>
      fetch(`http://${host}`).then(
        () => new Error('answered'),
        ({ cause }) => cause,
      ),
  ],
]

test.each(WAYS)('a test that connects beyond loopback by %s fails', async (_, connectTo) => {
  for (const host of [ADDRESS, NAME])
    expect((await connectTo(host)).message).toBe(`a test connects to ${host}, which is not loopback`)
})
