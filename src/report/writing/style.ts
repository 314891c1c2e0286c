import pc from 'picocolors'

/** What is in column 0 of a plan: deletion, creation, update, unmanaged, disruptive, and nothing. */
export type Marker = '-' | '+' | '~' | '?' | '!' | ' '

/** Colours, or none. Every function gives its text back unchanged when colour is off. */
export interface Style {
  readonly color: boolean
  /** Columns of the terminal that text is folded to; infinite where no one sits at one. */
  readonly width: number
  /** A line of a plan in the colour of its marker. */
  readonly marked: (marker: Marker, text: string) => string
  /** The title of a part. */
  readonly heading: (text: string) => string
  /** What is good to know and easy to skip. */
  readonly quiet: (text: string) => string
  /** The word that an error starts with. */
  readonly error: (text: string) => string
  /** The word that a warning starts with. */
  readonly warning: (text: string) => string
  /** What went as it should. */
  readonly good: (text: string) => string
}

/**
 * The one place that knows colours, as people know them from Terraform and git: green creates, yellow updates, red
 * deletes. Colour is never the only sign.
 */
export function createStyle(options: { readonly color: boolean; readonly width?: number }): Style {
  const paint = pc.createColors(options.color)
  const markers: Readonly<Record<Marker, (text: string) => string>> = {
    '-': paint.red,
    '+': paint.green,
    '~': paint.yellow,
    '?': paint.magenta,
    '!': (text) => paint.bold(paint.yellow(text)),
    ' ': (text) => text,
  }
  return {
    color: options.color,
    width: options.width ?? Number.POSITIVE_INFINITY,
    marked: (marker, text) => markers[marker](text),
    heading: (text) => paint.bold(text),
    quiet: (text) => paint.dim(text),
    error: (text) => paint.bold(paint.red(text)),
    warning: (text) => paint.bold(paint.yellow(text)),
    good: (text) => paint.green(text),
  }
}
