import { app, send } from './tasks.ts'

let turn = 0

send.handle(() => {
  turn += 1
  return turn
})

export { app }
