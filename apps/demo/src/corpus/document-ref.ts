/** A document of the corpus: how it is called, and where it is. */
export interface DocumentRef {
  /** Its name in the index: the path below the folder, with `/`. Unique in a corpus. */
  readonly doc: string
  /** Absolute path. */
  readonly file: string
}

/** The order of documents in every index: by name, code unit by code unit, the same on every machine. */
export function byName(left: { readonly doc: string }, right: { readonly doc: string }): number {
  return left.doc < right.doc ? -1 : left.doc > right.doc ? 1 : 0
}
