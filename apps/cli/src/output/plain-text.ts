/** Without control characters: what a job carries must not steer the terminal. Line breaks and tabs become spaces. */
export function plainLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ')
}

/** The same, keeping line breaks. */
export function plainLines(text: string): string {
  return text.replace(/[^\P{Cc}\n]+/gu, ' ')
}

/** At most `width` characters, with an ellipsis where something is left out. */
export function clip(text: string, width: number): string {
  const characters = Array.from(text)
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`
}
