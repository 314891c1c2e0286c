import type { RenderOptions } from '../../src/report/report.ts'

/** Options of a run on no code host, without colour. */
export const RENDER_OPTIONS: RenderOptions = {
  text: { color: false, sourceName: 'vpn.yaml' },
  markdown: {},
  fileName: (file) => file,
  root: '/src',
  token: () => 'tok',
  version: '1.2.3',
}
