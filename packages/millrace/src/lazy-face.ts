/** An object of asynchronous methods that is loaded when the first of them is called. */
export function lazyFace<T extends { readonly [K in keyof T]: (...args: never[]) => Promise<unknown> }>(
  load: () => Promise<T>,
): T {
  let loading: Promise<T> | undefined
  const target = () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined
      throw error
    })
    return loading
  }
  return new Proxy(Object.freeze({}) as T, {
    get(_, name) {
      // `then` would make an `await` of the object call it.
      if (typeof name === 'symbol' || name === 'then') return undefined
      return async (...args: never[]) => {
        const face = await target()
        return face[name as keyof T](...args)
      }
    },
  })
}
