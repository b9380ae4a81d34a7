import { describe, expect, it } from 'vitest'
import { planWorkflow } from './plan-workflow.js'
import type { WorkflowGraph, WorkflowGroup, WorkflowStep } from './workflow-graph.js'

interface Named {
  readonly name: string
  readonly hasPart: boolean
}

const step = (name: string, after?: WorkflowGraph<Named>, hasPart = false): WorkflowStep<Named> => ({
  kind: 'step',
  link: { name, hasPart },
  after,
})
const group = (...members: WorkflowStep<Named>[]): WorkflowGroup<Named> => ({ kind: 'group', members })
const shown = (graph: WorkflowGraph<Named>) => {
  const plan = planWorkflow(graph)
  return {
    jobs: plan.jobs.map((job) => [
      job.link.name,
      job.waitsFor,
      job.joins ? `${plan.jobs[job.joins.job]?.link.name}:${job.joins.index}` : '-',
      job.depth,
    ]),
    ends: plan.ends.map((end) => plan.jobs[end]?.link.name),
  }
}

describe('planWorkflow', () => {
  it('plans a single link as one ordinary job', () => {
    expect(planWorkflow(step('a')).jobs).toEqual([
      {
        link: { name: 'a', hasPart: false },
        compose: undefined,
        waitsFor: 0,
        joins: undefined,
        depth: 0,
        overNothing: false,
      },
    ])
  })

  it('plans a chain last first, each link joined to the next', () => {
    expect(shown(step('c', step('b', step('a'))))).toEqual({
      jobs: [
        ['c', 1, '-', 0],
        ['b', 1, 'c:0', 1],
        ['a', 0, 'b:0', 2],
      ],
      ends: ['c'],
    })
  })

  it('says where a static part is merged', () => {
    const plan = planWorkflow(step('c', step('b', step('a', undefined, true), true)))
    expect(plan.jobs.map((job) => job.compose)).toEqual([
      { from: 'output', merge: false },
      { from: 'output', merge: true },
      undefined,
    ])
  })

  it('plans a group as independent jobs', () => {
    expect(shown(group(step('a'), step('b')))).toEqual({
      jobs: [
        ['a', 0, '-', 0],
        ['b', 0, '-', 0],
      ],
      ends: ['a', 'b'],
    })
  })

  it('plans a chord: the body first, each member joined at its index', () => {
    const chord = step('merge', group(step('a'), step('b'), step('c')))
    expect(shown(chord).jobs).toEqual([
      ['merge', 3, '-', 0],
      ['a', 0, 'merge:0', 1],
      ['b', 0, 'merge:1', 1],
      ['c', 0, 'merge:2', 1],
    ])
    expect(planWorkflow(chord).jobs[0]?.compose).toEqual({ from: 'outputs', merge: false })
  })

  it('plans chains inside groups and pipes after chords', () => {
    const graph = step('end', step('merge', group(step('b', step('a')), step('m2', group(step('x'), step('y'))))))
    expect(shown(graph)).toEqual({
      jobs: [
        ['end', 1, '-', 0],
        ['merge', 2, 'end:0', 1],
        ['b', 1, 'merge:0', 2],
        ['a', 0, 'b:0', 3],
        ['m2', 2, 'merge:1', 2],
        ['x', 0, 'm2:0', 3],
        ['y', 0, 'm2:1', 3],
      ],
      ends: ['end'],
    })
  })

  it('runs the body of an empty group at once, over nothing', () => {
    expect(planWorkflow(step('merge', group())).jobs).toMatchObject([
      { waitsFor: 0, compose: undefined, overNothing: true },
    ])
    expect(planWorkflow(group())).toEqual({ jobs: [], ends: [] })
  })

  it('never puts a job before the one it joins, however long the chain', () => {
    let graph: WorkflowStep<Named> = step('0')
    for (let i = 1; i < 20_000; i++) graph = step(String(i), graph)
    const plan = planWorkflow(graph)
    expect(plan.jobs).toHaveLength(20_000)
    expect(plan.jobs.every((job, position) => job.joins === undefined || job.joins.job < position)).toBe(true)
  })
})
