import type { Scene } from './scene.js'

/** One case: runs against a fresh app; throws (an assertion) when the broker breaks the rule. */
export type ConformanceCase = ((scene: Scene) => Promise<void>) | SlowCase

/** A case that must wait for seconds. */
export interface SlowCase {
  readonly timeoutMs: number
  readonly run: (scene: Scene) => Promise<void>
}

/** Cases of one theme by their stable kebab-case id. */
export type ConformanceTheme = Readonly<Record<string, ConformanceCase>>
