import { CONTROL_SCENES } from './control-scenes.js'
import { DISPATCH_SCENES } from './dispatch-scenes.js'
import { JOB_SCENES } from './job-scenes.js'
import type { ScriptScene } from './scene-stage.js'

/** A representative state of a lane for each script, and the one call in which the script is made to fail. */
export const SCENES: readonly ScriptScene[] = [...JOB_SCENES, ...DISPATCH_SCENES, ...CONTROL_SCENES]
