/** An output that its task's schema refuses. */
export class InvalidOutputError extends Error {
  override readonly name = 'InvalidOutputError'

  constructor(
    task: string,
    readonly data: readonly { readonly path: string; readonly message: string }[],
  ) {
    super(
      `The output of '${task}' fails its schema: ${data.map(({ path, message }) => `${path === '' ? '(root)' : path}: ${message}`).join('; ')}`,
    )
  }
}
