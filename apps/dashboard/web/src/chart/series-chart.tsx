import { useEffect, useRef, useSyncExternalStore } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { onThemeChange } from '../design/theme.js'
import type { ChartLine } from './chart-line.js'
import { chartOptions } from './chart-options.js'
import './series-chart.css'

interface SeriesChartProps {
  readonly title: string
  /** What the curves say, for those who cannot see them. */
  readonly summary: string
  /** Starts of the steps, ms since the epoch. */
  readonly at: readonly number[]
  readonly lines: readonly ChartLine[]
  readonly format: (value: number) => string
  /** The figures are counts: no mark on the axis between two of them. */
  readonly whole?: boolean | undefined
}

const HEIGHT = 168

/** Lines over time. Keeps its place before there is anything to draw. */
export function SeriesChart({ title, summary, at, lines, format, whole = false }: SeriesChartProps) {
  const frame = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const theme = useSyncExternalStore(onThemeChange, themeInUse)
  const names = lines.map(({ name, colour }) => `${name}:${colour}`).join()

  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew when what it draws changes its kind, not its values
  useEffect(() => {
    const element = frame.current
    if (element === null) return
    const made = new uPlot(
      chartOptions({ width: element.clientWidth, height: HEIGHT, lines, format, whole }),
      [[]],
      element,
    )
    plot.current = made
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }))
    resized.observe(element)
    return () => {
      resized.disconnect()
      made.destroy()
      plot.current = undefined
    }
  }, [names, theme, format])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a chart made anew needs its values too
  useEffect(() => {
    plot.current?.setData([at.map((ms) => ms / 1_000), ...lines.map(({ values }) => [...values])])
  }, [at, lines, names, theme, format])

  return (
    <figure className="chart">
      <figcaption className="chart__head">
        <span className="chart__title">{title}</span>
        <span className="chart__legend">
          {lines.map(({ name, colour }) => (
            <span key={name} className="chart__name">
              <svg viewBox="0 0 10 10" aria-hidden="true" focusable="false">
                <circle cx="5" cy="5" r="4" fill={`var(${colour})`} />
              </svg>
              {name}
            </span>
          ))}
        </span>
      </figcaption>
      <div ref={frame} className="chart__plot" role="img" aria-label={`${title}. ${summary}`} />
    </figure>
  )
}

function themeInUse(): string {
  return (
    getComputedStyle(document.documentElement).getPropertyValue('color-scheme') +
    matchMedia('(prefers-color-scheme: dark)').matches
  )
}
