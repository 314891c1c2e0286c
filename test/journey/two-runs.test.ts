import { afterEach, expect, test } from 'vitest'
import { openStage, QUICKSTART, type Stage } from '../support/stage.ts'

let stage: Stage

afterEach(() => stage.close())

test('two runs at once with different files: nothing twice, and the loss is noticed with a name', async () => {
  let begun: () => void = () => undefined
  const firstWrite = new Promise<void>((resolve) => {
    begun = resolve
  })
  stage = await openStage({
    provisionMs: 1200,
    inject: ({ method }) => {
      if (method === 'PUT') begun()
      return undefined
    },
  })
  stage.write(QUICKSTART.replaceAll('ben-laptop', 'her-laptop'), 'hers.yaml')
  stage.write(QUICKSTART.replaceAll('ben-laptop', 'his-laptop'), 'his.yaml')
  const hers = stage.process(['apply', '--yes', '-f', 'hers.yaml'], {
    IONOS_TOKEN: 'throw-away-token-of-hers',
  })
  await firstWrite
  // He reads while her gateway is not ready; both write their peers when it is ready.
  const his = stage.process(['apply', '--yes', '-f', 'his.yaml'], { IONOS_TOKEN: 'throw-away-token-of-his' })
  const ends = await Promise.all([stage.end(hers), stage.end(his)])

  const names = stage.sandbox.store
    .resources()
    .map(({ kind, parentIds, properties }) => [kind.name, ...parentIds, properties.name].join('/'))
  expect(new Set(names).size).toBe(names.length)
  const warned = ends.filter(({ code }) => code === 9)
  expect(warned.length).toBeGreaterThan(0)
  for (const { stdout } of warned) {
    expect(stdout).toMatch(
      /peers\/(her|his)-laptop: exists, but is not in the files, last change \S+ \S+ UTC by [\w-]+/,
    )
  }

  const again = await stage.vpnctl(['apply', '--yes', '-f', 'his.yaml'])
  expect(again.code).toBe(0)
  expect((await stage.vpnctl(['plan', '-f', 'his.yaml', '--detailed-exitcode'])).code).toBe(0)
})
