/** Each cycle once, as the paths along it (strongly connected components by Tarjan's algorithm, one walk in each). */
export function findCycles(files) {
  const order = new Map()
  const low = new Map()
  const stack = []
  const cycles = []
  const visit = (file) => {
    order.set(file, order.size)
    low.set(file, order.get(file))
    stack.push(file)
    for (const { target: next } of file.edges) {
      if (!order.has(next)) {
        visit(next)
        low.set(file, Math.min(low.get(file), low.get(next)))
      } else if (stack.includes(next)) low.set(file, Math.min(low.get(file), order.get(next)))
    }
    if (low.get(file) !== order.get(file)) return
    const component = stack.splice(stack.indexOf(file))
    if (component.length > 1 || targets(file).includes(file)) cycles.push(walkOnce(component))
  }
  for (const file of files) if (!order.has(file)) visit(file)
  return cycles
}

function targets(file) {
  return file.edges.map(({ target }) => target)
}

/** A shortest way from the first file of a component back to it. */
function walkOnce(component) {
  const [start] = component
  const cameFrom = new Map()
  const queue = [start]
  for (const file of queue) {
    for (const next of targets(file).filter((target) => component.includes(target))) {
      if (next === start) {
        const path = []
        for (let at = file; at !== undefined; at = cameFrom.get(at)) path.unshift(at.path)
        return path
      }
      if (cameFrom.has(next)) continue
      cameFrom.set(next, file)
      queue.push(next)
    }
  }
  return component.map((file) => file.path)
}
