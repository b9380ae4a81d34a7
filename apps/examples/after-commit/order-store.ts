import { DatabaseSync } from 'node:sqlite'

/** Orders, and in the same database what is to be enqueued for them. */
export class OrderStore {
  readonly #db: DatabaseSync

  constructor(file: string) {
    this.#db = new DatabaseSync(file)
    this.#db.exec(`
      CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY);
      CREATE TABLE IF NOT EXISTS outbox (job_id TEXT PRIMARY KEY, order_id TEXT NOT NULL)`)
  }

  // #region place
  /** Both rows or none: an order that was rolled back is never shipped, one that was committed always is. */
  place(orderId: string, check: () => void = () => {}): void {
    this.#db.exec('BEGIN')
    try {
      this.#db.prepare('INSERT INTO orders VALUES (?)').run(orderId)
      this.#db.prepare('INSERT INTO outbox VALUES (?, ?)').run(`ship:${orderId}`, orderId)
      check()
      this.#db.exec('COMMIT')
    } catch (error) {
      this.#db.exec('ROLLBACK')
      throw error
    }
  }
  // #endregion

  waiting(): { readonly jobId: string; readonly orderId: string }[] {
    const rows = this.#db.prepare('SELECT job_id AS jobId, order_id AS orderId FROM outbox LIMIT 100').all()
    return rows.map(({ jobId, orderId }) => ({ jobId: String(jobId), orderId: String(orderId) }))
  }

  done(jobId: string): void {
    this.#db.prepare('DELETE FROM outbox WHERE job_id = ?').run(jobId)
  }

  close(): void {
    this.#db.close()
  }
}
