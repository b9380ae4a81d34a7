import type uPlot from 'uplot'
import type { ChartLine } from './chart-line.js'

interface ChartShape {
  readonly width: number
  readonly height: number
  readonly lines: readonly Omit<ChartLine, 'values'>[]
  readonly format: (value: number) => string
  readonly whole: boolean
}

/** How every chart looks: the page's own colours, no frame, little ink. */
export function chartOptions({ width, height, lines, format, whole }: ChartShape): uPlot.Options {
  const faint = colour('--text-faint')
  const grid = { stroke: colour('--line'), width: 1 }
  const axis = { stroke: faint, font: `11px ${getComputedStyle(document.body).fontFamily}`, ticks: { show: false } }
  return {
    width,
    height,
    padding: [8, 20, 0, 0],
    legend: { show: true, live: true },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: { y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.1 : 1] } },
    axes: [
      { ...axis, grid: { show: false }, size: 26, space: 70, values: timeLabels },
      {
        ...axis,
        grid,
        size: 52,
        space: 34,
        ...(whole && { incrs: WHOLE_STEPS }),
        values: (_plot, splits) => splits.map((value) => format(value)),
      },
    ],
    series: [
      { label: 'at', value: (_plot, value) => (value === null ? '' : LABEL.format(value * 1_000)) },
      ...lines.map((line) => ({
        label: line.name,
        stroke: colour(line.colour),
        width: 1.75,
        fill: lines.length === 1 ? `color-mix(in oklab, ${colour(line.colour)} 12%, transparent)` : '',
        points: { show: false },
        value: (_plot: uPlot, value: number | null) => (value === null ? '–' : format(value)),
      })),
    ],
  }
}

const WHOLE_STEPS = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat()
const LABEL = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})
const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const DAY = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' })
const DAY_SECONDS = 86_400

function timeLabels(_plot: uPlot, splits: number[]): string[] {
  const span = (splits.at(-1) ?? 0) - (splits[0] ?? 0)
  const format = span > 2 * DAY_SECONDS ? DAY : TIME
  return splits.map((at) => format.format(at * 1_000))
}

/** A canvas knows nothing of custom properties, nor of `light-dark()`: ask what they come to. */
function colour(token: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${token})`
  document.body.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}
