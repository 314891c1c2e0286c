import { expect, test } from 'vitest'
import { THEME } from '../../src/report/graph/theme.ts'

test('every colour of a diagram is written out, since librsvg and others know no variables of CSS', () => {
  expect(THEME).not.toContain('var(')
  expect(THEME).not.toMatch(/(fill|stroke):[;}]/)
  expect(THEME).toMatch(/\.vpn \.unmanaged \.box\{fill:none;stroke:#cf222e/)
})
