import type { Context } from '../../context.ts'
import { Failure } from '../../failure.ts'

// ISO/IEC 18004: version 40, bytes, the lowest error correction.
const LARGEST_QR_CODE = 2953

// The last line of an uneven number of rows is the margin alone: half of it is not part of the code and stays as it is.
function painter(line: string): string {
  return /^\u2580+$/.test(line) ? `\u001b[97m${line}\u001b[0m` : `\u001b[97;40m${line}\u001b[0m`
}

/** A QR code for a terminal. */
// Colours are part of the code, not decoration: light on dark is light on dark whatever the terminal's own are.
export async function qrCode(context: Context, text: string): Promise<string> {
  const { renderUnicodeCompact } = await import('uqr')
  const bytes = Buffer.byteLength(text)
  if (bytes > LARGEST_QR_CODE) {
    throw new Failure(
      'error',
      `the configuration has ${bytes} bytes, and a QR code has room for ${LARGEST_QR_CODE} at most`,
      { hint: 'name fewer networks with --allowed-ips, or hand over a file: --out' },
    )
  }
  const lines = renderUnicodeCompact(text, { border: 2 }).split('\n')
  const columns = context.io.stdout.columns()
  const width = Math.max(...lines.map((line) => line.length))
  if (columns !== undefined && columns < width) {
    throw new Failure('error', `the QR code is ${width} columns wide, the terminal ${columns}`, {
      hint: 'make the window wider, or the letters smaller',
    })
  }
  const painted = context.io.stdout.isTTY ? lines.map(painter) : lines
  return `${painted.join('\n')}\n`
}
