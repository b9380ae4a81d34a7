import { readFile, rename, writeFile } from 'node:fs/promises'
import { Fatal } from 'millrace'
import { PNG } from 'pngjs'
import { shrinkPicture } from './shrink-picture.ts'
import { app, publish, shrink } from './tasks.ts'

shrink.handle(async ({ path, width }, ctx) => {
  const bytes = await readFile(path, { signal: ctx.signal })
  const small = shrinkPicture(decode(bytes), width)
  const target = path.replace(/\.png$/, `-${width}.png`)
  // Written beside and renamed: a second attempt, or a reader, never sees half a file.
  await writeFile(`${target}.${ctx.token}`, PNG.sync.write(small))
  await rename(`${target}.${ctx.token}`, target)
  return { path: target, width: small.width, height: small.height }
})

publish.handle((pictures) => pictures.map(({ width, height }) => `${width}×${height}`).join(' '))

/** Bytes that are no picture will be none at the next attempt either. */
function decode(bytes: Buffer): PNG {
  try {
    return PNG.sync.read(bytes)
  } catch (error) {
    throw new Fatal('this is no PNG', { cause: error })
  }
}

export { app }
