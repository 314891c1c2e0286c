type Palette = Readonly<Record<string, string>>

const LIGHT: Palette = {
  page: '#fff',
  ink: '#1f2328',
  soft: '#59636e',
  card: '#f6f8fa',
  rim: '#d1d9e0',
  wire: '#8c959f',
  lan: '#ddf4ff',
  'lan-rim': '#54aeff',
  create: '#1a7f37',
  'create-fill': '#dafbe1',
  update: '#9a6700',
  'update-fill': '#fff8c5',
  delete: '#cf222e',
  'delete-fill': '#ffebe9',
}

const DARK: Palette = {
  page: '#0d1117',
  ink: '#e6edf3',
  soft: '#9198a1',
  card: '#161b22',
  rim: '#3d444d',
  wire: '#6e7681',
  lan: '#0c2d4d',
  'lan-rim': '#388bfd',
  create: '#3fb950',
  'create-fill': '#12301c',
  update: '#d29922',
  'update-fill': '#332711',
  delete: '#f85149',
  'delete-fill': '#3c1618',
}

// Variables of CSS are unknown to librsvg and others, which draw black then: each rule gets the colour itself.
const RULES = `.vpn text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:var(--ink);font-size:11px;white-space:pre}
.vpn .page{fill:var(--page)}.vpn .head{font-size:17px;font-weight:600}.vpn .name{font-size:13px;font-weight:600}
.vpn .soft{fill:var(--soft)}.vpn .line{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.vpn .box{fill:var(--card);stroke:var(--rim)}.vpn .frame{fill:none;stroke:var(--rim)}.vpn .wire{fill:none;stroke:var(--wire);stroke-width:1.4}
.vpn .lan .box{fill:var(--lan);stroke:var(--lan-rim)}.vpn .bar{fill:none}
.vpn .create .box{fill:var(--create-fill);stroke:var(--create)}.vpn .create .bar{fill:var(--create)}.vpn .create .sign{fill:var(--create)}
.vpn .update .box{fill:var(--update-fill);stroke:var(--update)}.vpn .update .bar{fill:var(--update)}.vpn .update .sign{fill:var(--update)}
.vpn .delete .box{fill:var(--delete-fill);stroke:var(--delete)}.vpn .delete .bar{fill:var(--delete)}.vpn .delete .sign{fill:var(--delete)}
.vpn .unmanaged .box{fill:none;stroke:var(--delete);stroke-dasharray:5 4}.vpn .unmanaged .sign{fill:var(--delete)}.vpn .unmanaged .name{fill:var(--delete)}
.vpn .failed .box{stroke:var(--delete);stroke-width:3}
.vpn .sign{font-size:15px;font-weight:700;text-anchor:end}`

function inColours(palette: Palette): string {
  return RULES.replace(/var\(--([a-z-]+)\)/g, (_, name: string) => palette[name] ?? '')
}

/**
 * The style of a diagram, light and dark as the reader's system is. Every rule hangs on one class of the diagram, so
 * that it can stand in a page of its own.
 */
export const THEME = `
${inColours(LIGHT)}
@media (prefers-color-scheme:dark){
${inColours(DARK)}
}
`
