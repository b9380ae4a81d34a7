/** A full-text index, in the one order that makes two of the same documents equal byte for byte. */
export interface SearchIndex {
  /** Sorted by name. */
  readonly documents: readonly IndexedDocument[]
  /** Sorted by word. */
  readonly words: readonly IndexedWord[]
}

export interface IndexedDocument {
  readonly doc: string
  /** How many words it has. */
  readonly length: number
}

/** A word with its postings: place in `documents` and count, in turn, sorted by place. */
export type IndexedWord = readonly [word: string, postings: readonly number[]]
