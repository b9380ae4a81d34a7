/** The name of all that is beyond a bound. */
export const OTHER = '(other)'

/** Values of one label, at most so many: the first that come keep their names, the rest are summed up as `(other)`. */
export class BoundedLabels {
  readonly #known = new Set<string>()

  constructor(private readonly most: number) {}

  of(value: string): string {
    if (this.#known.has(value)) return value
    if (this.#known.size >= this.most) return OTHER
    this.#known.add(value)
    return value
  }
}
