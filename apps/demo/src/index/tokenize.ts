/** Words in almost every text, which tell one from another in none. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  'a an and are as at be but by for from has have if in into is it its no not of on or s such t that the their then there these they this to was were will with you your'.split(
    ' ',
  ),
)

/** Longer runs of letters and digits are data, not words, UTF-16 units. */
const MAX_WORD_LENGTH = 40

const WORD = /[\p{L}\p{N}]+(?:\p{M}+[\p{L}\p{N}]*)*/gu
/** The same on text without anything beyond ASCII, several times as fast. */
const ASCII_WORD = /[a-z0-9]+/g
const BEYOND_ASCII = /[^ -~\s]/

/** The words of a text in order: lower case, of letters and digits in any script, without stop words. */
export function tokenize(text: string): string[] {
  const lower = text.normalize('NFC').toLowerCase()
  const words = lower.match(BEYOND_ASCII.test(lower) ? WORD : ASCII_WORD) ?? []
  return words.filter((word) => word.length <= MAX_WORD_LENGTH && !STOP_WORDS.has(word))
}
