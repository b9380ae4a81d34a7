import type { QueryCompletion } from '@millrace/dashboard/contract'

/** The line with the option in its place, and where the caret goes. Behind a value the next term may begin. */
export function applyCompletion(
  line: string,
  { from, to }: Pick<QueryCompletion, 'from' | 'to'>,
  text: string,
): { readonly line: string; readonly caret: number } {
  const rest = line.slice(to)
  const gap = text.endsWith(':') || rest.startsWith(' ') ? '' : ' '
  const before = `${line.slice(0, from)}${text}${gap}`
  return { line: `${before}${rest}`, caret: before.length }
}
