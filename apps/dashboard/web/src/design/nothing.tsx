/** Stands where a figure or a time would. Left out of cards on narrow screens. */
export function Nothing({ word = '–' }: { readonly word?: string | undefined }) {
  return <span className="nothing faint">{word}</span>
}
