declare module 'parse-prometheus-text-format' {
  /** Throws for what it cannot read. */
  export default function parse(text: string): readonly { readonly name: string; readonly type: string }[]
}
