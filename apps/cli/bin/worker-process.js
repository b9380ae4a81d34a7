import { runWorkerProcess } from '../dist/worker-process/run-worker-process.js'

runWorkerProcess()
