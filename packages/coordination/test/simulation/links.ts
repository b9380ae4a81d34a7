import type { Machine, World } from './world.js'

export interface Weather {
  /** How often a message is lost, 0 … 1. */
  loss: number
  /** Longest way of a message, ms; a few take ten times as long. */
  slow: number
}

/**
 * A call over the network: the request may be lost, or carried out and its answer lost; either may be late. `undefined`: no answer
 * within `timeoutMs` of the caller's own clock.
 */
export function callOver<T>(
  { world, weather }: { readonly world: World; readonly weather: Weather },
  from: Machine,
  { timeoutMs, serve }: { readonly timeoutMs: number; readonly serve: () => T },
): Promise<T | undefined> {
  const way = (): number => world.between(0.2, weather.slow) * (world.random() < 0.02 ? 10 : 1)
  const lost = (): boolean => world.random() < weather.loss || from.cutUntil > world.now
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), timeoutMs)
    if (lost()) return
    world.at(world.now + way(), () => {
      const answer = serve()
      if (lost()) return
      world.at(
        world.now + way(),
        () => {
          clearTimeout(timer)
          resolve(answer)
        },
        from,
      )
    })
  })
}
