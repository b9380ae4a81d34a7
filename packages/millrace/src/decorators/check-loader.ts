import { InvalidOptionError } from '@millrace/core'

/** Where TypeScript's older decorators run, a decorator gets a name and a descriptor (or nothing) where its context should be. */
export function checkLoader(context: unknown): void {
  if (typeof context === 'object' && context !== null && 'kind' in context) return
  throw new InvalidOptionError({
    option: 'experimentalDecorators',
    found: true,
    expected:
      'standard decorators: remove experimentalDecorators and emitDecoratorMetadata from tsconfig.json, or define tasks with app.task()',
  })
}
