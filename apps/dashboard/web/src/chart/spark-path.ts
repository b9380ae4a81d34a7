/** The values as an SVG path, the largest at the top. A flat line at the bottom where all are 0. */
export function sparkPath(
  values: readonly number[],
  size: { readonly width: number; readonly height: number },
): string {
  const top = Math.max(1, ...values)
  const step = values.length < 2 ? size.width : size.width / (values.length - 1)
  const points = values.map((value, index) => {
    const x = (index * step).toFixed(1)
    const y = (size.height - 1 - (value / top) * (size.height - 2)).toFixed(1)
    return `${x} ${y}`
  })
  return points.length === 0 ? '' : `M${points.join('L')}`
}
