/** Whether some time has passed, told by a timer of the same process as what is judged. */
export interface Lapse {
  readonly over: boolean
  end(): void
}

/**
 * Begins now. Timers of one process fire in the order in which they are due, however late the machine lets them all be: what
 * the product's own timer does before `ms` have passed, it does before this is over. A clock would judge the machine.
 */
export function lapse(ms: number): Lapse {
  let over = false
  const timer = setTimeout(() => {
    over = true
  }, ms)
  return {
    get over() {
      return over
    },
    end: () => clearTimeout(timer),
  }
}
