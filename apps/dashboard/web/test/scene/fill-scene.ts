import type { Scene } from './start-scene.ts'

/** Jobs in every state, so that no page is empty. */
export async function fillScene({ tasks, file }: Scene): Promise<void> {
  const { deliver, send, charge, crawl, resize } = tasks
  await Promise.all([
    resize.enqueueMany(Array.from({ length: 120 }, (_, index) => ({ width: index }))),
    resize.enqueue({ width: 1 }, { delay: '2h' }),
    ...Array.from({ length: 6 }, (_, index) => send.enqueue({ to: `customer-${index}@example.com` })),
    ...Array.from({ length: 3 }, (_, index) => deliver.enqueue({ file: file('never'), order: `A-${index}` })),
    ...Array.from({ length: 5 }, (_, index) => charge.enqueue({ file: file('never'), customer: `C-${index}` })),
    crawl.enqueueMany([undefined, undefined, undefined]),
  ])
}
