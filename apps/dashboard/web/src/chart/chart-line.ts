export interface ChartLine {
  readonly name: string
  /** One per entry of `at`; null leaves a gap. */
  readonly values: readonly (number | null)[]
  /** A colour of design/tokens.css, as `--ink-good`. */
  readonly colour: string
}
