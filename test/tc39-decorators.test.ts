import { expect, test } from 'vitest'

/** No Node runs TC39 decorators yet: this file loads only because the plugin in vitest.config.ts lowers them. */
const seen: string[] = []

function noted(target: () => string, context: ClassMethodDecoratorContext): () => string {
  seen.push(String(context.name))
  return function (this: unknown) {
    return `noted ${target.call(this)}`
  }
}

class Greeter {
  accessor name = 'Ada'

  @noted
  greet(): string {
    return `hello ${this.name}`
  }
}

test('decorators and accessors run in tests', () => {
  expect(new Greeter().greet()).toBe('noted hello Ada')
  expect(seen).toEqual(['greet'])
})
