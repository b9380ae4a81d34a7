import './progress-bar.css'

interface ProgressBarProps {
  readonly label: string
  readonly done: number
  /** Undefined: nobody knows how much there is. */
  readonly total: number | undefined
}

export function ProgressBar({ label, done, total }: ProgressBarProps) {
  return <progress className="progress" aria-label={label} value={total === undefined ? undefined : done} max={total} />
}
