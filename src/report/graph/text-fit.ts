import { displayWidth } from '../writing/display-width.ts'

// Widths in px for each px of font size, measured on DejaVu Sans, the widest of the usual system fonts: what fits
// there fits with the others. A diagram that is drawn elsewhere cannot be measured here.
const BOLD = { narrow: 0.42, usual: 0.74, capital: 0.87, wide: 1.12 }
const PLAIN = { narrow: 0.38, usual: 0.64, capital: 0.77, wide: 1.03 }
const MONO = { narrow: 0.61, usual: 0.61, capital: 0.61, wide: 0.61 }
const FULL_WIDTH = 1.25

/** How a line is set. */
export interface Face {
  readonly name: 'bold' | 'plain' | 'mono'
  readonly size: number
}

const FACES = { bold: BOLD, plain: PLAIN, mono: MONO }

/** At least as wide as the line will be, in px. */
export function textWidth(text: string, face: Face): number {
  const widths = FACES[face.name]
  let em = 0
  for (const char of text) {
    if (displayWidth(char) === 2) em += FULL_WIDTH
    else if (char > '\u024f' && displayWidth(char) === 1) em += Math.max(widths.wide, 0.9)
    else if (/[mwMW@%#&+~=<>]/.test(char)) em += widths.wide
    else if (/[A-Z]/.test(char)) em += widths.capital
    else if (/[ijl.,:;'|!()[\]/ ]/.test(char)) em += widths.narrow
    else if (displayWidth(char) === 1) em += widths.usual
  }
  return em * face.size
}

/** The line, or its beginning and an ellipsis where it has more than `most` letters. */
export function cutLine(text: string, most: number): string {
  if (text.length <= most) return text
  const letters = [...new Intl.Segmenter('en').segment(text)]
  return letters.length <= most
    ? text
    : `${letters
        .slice(0, most - 1)
        .map(({ segment }) => segment)
        .join('')}…`
}

/** The line, or its beginning and an ellipsis where it is wider than `width`. Never cuts a letter in two. */
export function fitText(text: string, width: number, face: Face): string {
  if (textWidth(text, face) <= width) return text
  const room = width - textWidth('…', face)
  let kept = ''
  for (const { segment } of new Intl.Segmenter('en').segment(text)) {
    if (textWidth(kept + segment, face) > room) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}
