import { app, reindex } from './tasks.ts'

let runs = 0

reindex.handle(() => {
  runs += 1
  return runs
})

export { app }
