/** A command as a client sent it. */
export interface RespRequest {
  /** In lower case. */
  readonly name: string
  /** Its first arguments, a character per byte. */
  readonly args: readonly string[]
  /** How many arguments it has in all. */
  readonly count: number
}

const CR = 13
/** Of each command only the name and the first arguments are kept. */
const KEPT = 32

/** Reads a client's stream of commands, whatever the chunks: arrays of bulk strings, nothing else. */
export class RespRequests {
  #rest: Buffer = Buffer.alloc(0)
  /** Bulk strings of the present command that are still to come; 0 between two commands. */
  #items = 0
  #count = 0
  #seen: string[] = []
  /** Bytes of an uninteresting bulk string (with its end of line) still to be skipped. */
  #skip = 0

  /** The commands whose last byte is in this chunk. */
  read(chunk: Buffer): RespRequest[] {
    const found: RespRequest[] = []
    let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    for (;;) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, data.length)
        this.#skip -= skipped
        data = data.subarray(skipped)
        if (this.#skip > 0) break
        this.#ended(found)
        continue
      }
      const line = data.indexOf(CR)
      if (line < 0 || line + 1 >= data.length) break
      const size = Number(data.subarray(1, line).toString('latin1'))
      if (this.#items === 0) {
        this.#items = size
        this.#count = size - 1
        this.#seen = []
        data = data.subarray(line + 2)
        continue
      }
      if (this.#seen.length >= KEPT) {
        this.#skip = size + 2
        data = data.subarray(line + 2)
        continue
      }
      if (data.length < line + 2 + size + 2) break
      this.#seen.push(data.subarray(line + 2, line + 2 + size).toString('latin1'))
      data = data.subarray(line + 2 + size + 2)
      this.#ended(found)
    }
    this.#rest = data
    return found
  }

  #ended(found: RespRequest[]): void {
    this.#items -= 1
    if (this.#items > 0) return
    const [name = '', ...args] = this.#seen
    found.push({ name: name.toLowerCase(), args, count: this.#count })
  }
}
