/** Stands for a lone `-` on the command line, which yargs would turn into an empty word. */
export const STDIN = '<stdin>'
