/** An object of asynchronous methods that is loaded when the first of them is called. `parts` are there from the start. */
export function lazyFace<
  T extends { readonly [K in keyof T]: (...args: never[]) => Promise<unknown> },
  P extends object = object,
>(load: () => Promise<T>, parts?: P): T & P {
  let loading: Promise<T> | undefined
  const target = () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined
      throw error
    })
    return loading
  }
  return new Proxy(Object.freeze({}) as T & P, {
    get(_, name) {
      // `then` would make an `await` of the object call it.
      if (typeof name === 'symbol' || name === 'then') return undefined
      if (parts !== undefined && Object.hasOwn(parts, name)) return parts[name as keyof P]
      return async (...args: never[]) => {
        const face = await target()
        return face[name as keyof T](...args)
      }
    },
  })
}
