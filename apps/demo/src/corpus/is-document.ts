const EXTENSIONS = /\.(?:md|markdown|mdx|txt)$/i
/** License texts often have no extension, or the license's name as one: `LICENSE`, `LICENSE-MIT`, `COPYING.LESSER`. */
const LICENSES = /^(?:un)?(?:licen[cs]e|copying|notice|readme|changelog|authors)(?:[-.][a-z0-9.-]+)?$/i
/** Programs and data that happen to be called like a license: `license.js`, `notice.d.ts`. */
const PROGRAMS = /\.(?:[cm]?[jt]sx?|json|map|ya?ml|html?|css|scss|png|svg|py|rs|go|c|h|sh|lock)$/i

/** Whether a file of this name holds prose: Markdown, plain text, a license. */
export function isDocument(name: string): boolean {
  return EXTENSIONS.test(name) || (LICENSES.test(name) && !PROGRAMS.test(name))
}
