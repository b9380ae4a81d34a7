/** How many broker calls one reading or order has in flight. */
const WIDTH = 16

/** Runs `work` on every item, at most 16 at a time, and gives the results in the items' order. Rejects with the first error. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = new Array(items.length)
  let next = 0
  const run = async () => {
    while (next < items.length) {
      const index = next++
      try {
        results[index] = await work(items[index] as Item)
      } catch (error) {
        next = items.length
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(WIDTH, items.length) }, run))
  return results
}
