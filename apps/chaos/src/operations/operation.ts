import type { ChaosScene } from '../cast/chaos-scene.js'

/** A named fault: what is done to a scene, and how it is over. */
export interface Operation {
  readonly name: string
  /** Resolves when the fault is over: whoever was hit can go on from here. */
  strike(scene: ChaosScene, dose: Dose): Promise<void>
}

/** What the schedule says of one fault. */
export interface Dose {
  /** How long it lasts, ms. */
  readonly lastsMs: number
  /** 0 (included) … 1 (excluded): picks whom it hits, or which variant. */
  readonly choice: number
}
