import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { PLACEHOLDER_PAGE } from './placeholder-page.js'

interface PageFile {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly zipped: Uint8Array<ArrayBuffer> | undefined
  readonly type: string
  readonly etag: string
  /** Its name has its content's hash: browsers may keep it for ever. */
  readonly lasting: boolean
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
}

/** Where the built pages lie: in the package, or beside it in the workspace. */
const FOLDERS = ['../../pages', '../../../web/dist']

/** The built pages, read once into memory: what is not among their names is not there, whatever a path says. */
export class PageFiles {
  readonly #files: ReadonlyMap<string, PageFile>

  /** `basePath`: goes before the addresses in index.html. */
  constructor(basePath: string, folder = findFolder()) {
    const files = folder === undefined ? new Map([['/index.html', Buffer.from(PLACEHOLDER_PAGE)]]) : readFolder(folder)
    const index = files.get('/index.html')
    if (index !== undefined) {
      const text = index.toString('utf8').replace(/((?:src|href)=")\.\//g, `$1${basePath}/`)
      files.set('/index.html', Buffer.from(text))
    }
    this.#files = new Map([...files].map(([name, bytes]) => [name, prepare(name, bytes)]))
  }

  /** Answers a path of its own, or index.html for an address of the pages' router. `path` begins with a slash. */
  answer(request: Request, path: string): Response | undefined {
    const file = this.#files.get(path) ?? (isPage(path) ? this.#files.get('/index.html') : undefined)
    if (file === undefined) return undefined
    const headers = new Headers({
      'content-type': file.type,
      etag: file.etag,
      'cache-control': file.lasting ? 'public, max-age=31536000, immutable' : 'no-cache',
      vary: 'accept-encoding',
    })
    if (request.headers.get('if-none-match') === file.etag) return new Response(null, { status: 304, headers })
    const zips = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')
    if (file.zipped === undefined || !zips) return new Response(file.bytes, { headers })
    headers.set('content-encoding', 'gzip')
    return new Response(file.zipped, { headers })
  }
}

/** Without an extension at its end: an address that the pages' router knows. Ids of jobs may hold dots. */
function isPage(path: string): boolean {
  const file = /\.(js|css|svg|png|ico|woff2|json|map|html|webmanifest|txt|xml|php)$/i.test(path)
  return !file && !/[\\\0]/.test(path)
}

function findFolder(): string | undefined {
  return FOLDERS.map((folder) => fileURLToPath(new URL(folder, import.meta.url))).find((folder) =>
    existsSync(join(folder, 'index.html')),
  )
}

function readFolder(folder: string): Map<string, Buffer> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return new Map(
    entries.map((entry) => {
      const full = join(entry.parentPath, entry.name)
      return [`/${relative(folder, full).split(sep).join('/')}`, readFileSync(full)]
    }),
  )
}

function prepare(name: string, content: Buffer): PageFile {
  const bytes = new Uint8Array(content)
  const zipped = new Uint8Array(gzipSync(bytes, { level: 9 }))
  return {
    bytes,
    zipped: zipped.length < bytes.length ? zipped : undefined,
    type: TYPES[extname(name)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    lasting: name.startsWith('/assets/'),
  }
}
