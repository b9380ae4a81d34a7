import { CONTROL_SCENES } from './control-scenes.js'
import { DISPATCH_SCENES } from './dispatch-scenes.js'
import { PRODUCER_SCENES } from './producer-scenes.js'
import type { ScriptScene } from './scene-stage.js'
import { WORKER_SCENES } from './worker-scenes.js'

/** A representative state of a lane for each script, and the one call in which the script is made to fail. */
export const SCENES: readonly ScriptScene[] = [
  ...PRODUCER_SCENES,
  ...WORKER_SCENES,
  ...DISPATCH_SCENES,
  ...CONTROL_SCENES,
]
