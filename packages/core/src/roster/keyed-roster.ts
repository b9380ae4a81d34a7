/** So many leave before the table is made anew, and no fewer than stay. */
const LEFT_AT_LEAST = 256

/**
 * Who is here at this moment, by key, in the order of coming: a `Map` whose members come and go all the time. It is copied now and
 * then, which costs each member that leaves one step at most, so that no table of it points on to the next one (see `Roster`).
 */
export class KeyedRoster<K, V> {
  #members = new Map<K, V>()
  #left = 0

  get size(): number {
    return this.#members.size
  }

  get(key: K): V | undefined {
    return this.#members.get(key)
  }

  /** A key that is here keeps its place. */
  set(key: K, member: V): void {
    this.#members.set(key, member)
  }

  /** Whether it was here. */
  delete(key: K): boolean {
    if (!this.#members.delete(key)) return false
    this.#left += 1
    if (this.#left >= LEFT_AT_LEAST && this.#left >= this.#members.size) this.#renew(this.#members)
    return true
  }

  clear(): void {
    this.#renew()
  }

  /** The first to have come. */
  firstKey(): K | undefined {
    return this.#members.keys().next().value
  }

  keys(): K[] {
    return [...this.#members.keys()]
  }

  values(): V[] {
    return [...this.#members.values()]
  }

  #renew(members?: ReadonlyMap<K, V>): void {
    this.#members = new Map(members)
    this.#left = 0
  }
}
