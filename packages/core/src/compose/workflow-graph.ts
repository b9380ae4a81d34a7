/** What the planner must know of a link; the client's links carry the task, the static part and more. */
export interface PlannableLink {
  /** Whether the link brings a static part that is merged with what comes from upstream. */
  readonly hasPart: boolean
}

/** One call of a task, after what precedes it: `after` absent for the first link of a chain. */
export interface WorkflowStep<L extends PlannableLink> {
  readonly kind: 'step'
  readonly link: L
  readonly after: WorkflowGraph<L> | undefined
}

/** Independent members; each ends in one job. Their outputs, in this order, are the input of the step that comes after. */
export interface WorkflowGroup<L extends PlannableLink> {
  readonly kind: 'group'
  readonly members: readonly WorkflowStep<L>[]
}

/** A chain is steps linked backwards; a chord is a step after a group. Immutable: graphs share their beginnings. */
export type WorkflowGraph<L extends PlannableLink> = WorkflowStep<L> | WorkflowGroup<L>
