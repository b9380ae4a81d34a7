import { sparkPath } from './spark-path.js'
import './spark-line.css'

interface SparkLineProps {
  readonly values: readonly number[]
  /** What it shows, for those who cannot see it. */
  readonly label: string
  readonly tone?: 'good' | 'bad' | undefined
}

const WIDTH = 96
const HEIGHT = 20

/** The course of one figure, without axes. */
export function SparkLine({ values, label, tone = 'good' }: SparkLineProps) {
  return (
    <svg
      className={`spark spark--${tone}`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={label}
      preserveAspectRatio="none"
    >
      <path d={sparkPath(values, { width: WIDTH, height: HEIGHT })} vectorEffect="non-scaling-stroke" />
    </svg>
  )
}
