export interface Canvass<Answer> {
  readonly answers: readonly Answer[]
  readonly faults: readonly unknown[]
}

/**
 * Asks all nodes at once; resolves when `enough` says that the answers so far decide, or when every node has answered or
 * failed. Each `ask` has its own deadline and they start together, so that deadline bounds the whole. Never rejects.
 */
export function canvass<Node, Answer>(
  nodes: readonly Node[],
  ask: (node: Node) => Promise<Answer>,
  enough: (answers: readonly Answer[]) => boolean,
): Promise<Canvass<Answer>> {
  return new Promise((resolve) => {
    const answers: Answer[] = []
    const faults: unknown[] = []
    const asked = nodes.map((node) =>
      ask(node).then(
        (answer) => {
          answers.push(answer)
          if (enough(answers)) resolve({ answers: [...answers], faults: [...faults] })
        },
        (fault: unknown) => {
          faults.push(fault)
        },
      ),
    )
    void Promise.allSettled(asked).then(() => resolve({ answers, faults }))
  })
}
