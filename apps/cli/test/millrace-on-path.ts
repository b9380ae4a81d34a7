import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { BIN } from './cli-process.js'

/** A PATH on which `millrace` is the built command, as an installation makes it. */
export function millraceOnPath(): { readonly path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bin-'))
  writeFileSync(join(folder, 'millrace'), `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`, { mode: 0o755 })
  return {
    path: `${folder}${delimiter}${process.env['PATH'] ?? ''}`,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
