import { app, ring } from './tasks.ts'

ring.handle(({ number }, ctx) => {
  if (number.endsWith('0')) throw new Error('the line broke')
  return `rang ${number} at attempt ${ctx.attempt}`
})

export { app }
