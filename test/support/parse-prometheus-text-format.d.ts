declare module 'parse-prometheus-text-format' {
  /** Families of metrics, values as the text has them. */
  export default function parse(text: string): readonly {
    readonly name: string
    readonly help: string
    readonly type: string
    readonly metrics: readonly { readonly value: string; readonly labels?: Record<string, string> }[]
  }[]
}
