import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const FILES = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && name !== 'house/random.test.ts')
  .map((name) => ({ name: `test/${name}`, text: readFileSync(`test/${name}`, 'utf8') }))

// What fails can be repeated: fast-check prints its seed, and loops of our own count theirs from 1.
test('no test draws numbers that another run of it does not repeat', () => {
  // The probe of test/network is the program itself.
  const tests = FILES.filter(({ name }) => !name.startsWith('test/network/'))
  const drawn = tests.filter(({ text }) =>
    /Math\.random|import \{.*\brandom(Bytes|UUID|Int)\b.*node:crypto/.test(text),
  )
  expect(drawn.map(({ name }) => name)).toEqual([])
})

test('every test of random cases runs more of them at night', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
  const folders = scripts['test:nightly']?.match(/test\/\S+/g) ?? []
  const random = FILES.filter(
    ({ name, text }) => name.endsWith('.test.ts') && /fc\.assert|random-runs/.test(text),
  )
  expect(random.length).toBeGreaterThan(15)
  for (const { name, text } of random) {
    expect(text, name).toMatch(/random-runs\.ts'/)
    expect(
      folders.some((folder) => name.startsWith(`${folder}/`)),
      name,
    ).toBe(true)
  }
})
