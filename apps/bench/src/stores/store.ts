/** The server behind one figure, with nothing in it at first. */
export interface Store {
  /** What producers and workers connect to. */
  readonly url: string
  /** A Redis through which a handler tells its start where the rival has no results: the store itself, or one beside it. */
  readonly signalUrl: string
  /** Of the server; its CPU time is that of the process and all that it started. */
  readonly pid: number
  /** Bytes that the data take. Rejects where the server does not tell. */
  usedMemory(): Promise<number>
  /** Takes it away, data included. */
  close(): Promise<void>
}

export interface StoreOptions {
  /** Keep an append-only file, flushed once per second. */
  readonly aof: boolean
}

/** Gives a new store per call. */
export type OpenStore = (options: StoreOptions) => Promise<Store>
