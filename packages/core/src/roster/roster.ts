export interface RosterMember {
  /** Kept by the roster: where the member stands on it; -1 while it is on none. */
  place: number
}

/**
 * Who is here at this moment, in no order; joining and leaving are O(1). In place of a `Set` wherever members come and go all the
 * time: a hash table of V8 points on to the table that took its place when it was full. One that has grown old thereby keeps alive
 * all later ones, with everybody who was ever in them, until the next full collection; each small one copies them about.
 */
export class Roster<T extends RosterMember> {
  readonly #members: T[] = []

  get size(): number {
    return this.#members.length
  }

  /** A member is on one roster at a time; to add it twice changes nothing. */
  add(member: T): void {
    if (member.place >= 0) return
    member.place = this.#members.length
    this.#members.push(member)
  }

  /** Safe to repeat. The last member takes the place that is free. */
  delete(member: T): void {
    const { place } = member
    if (place < 0) return
    member.place = -1
    const last = this.#members.pop() as T
    if (last === member) return
    last.place = place
    this.#members[place] = last
  }

  /** Everybody, as of now: they may leave while the list is gone through. */
  list(): T[] {
    return this.#members.slice()
  }
}
