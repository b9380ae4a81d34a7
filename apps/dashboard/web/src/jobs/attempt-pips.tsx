import './attempt-pips.css'

interface AttemptPipsProps {
  readonly used: number
  /** Null: nobody here knows. */
  readonly max: number | null
}

/** More than these would be a bar, not a count. */
const MOST_PIPS = 10

/** Attempts used, of how many. */
export function AttemptPips({ used, max }: AttemptPipsProps) {
  return (
    <span className="pips">
      {max !== null && max <= MOST_PIPS && used > 0 && (
        <span className="pips__row" aria-hidden="true">
          {Array.from({ length: max }, (_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a pip is its place
            <span key={index} className={index < used ? 'pips__one pips__one--used' : 'pips__one'} />
          ))}
        </span>
      )}
      <span className={used === 0 ? 'pips__text faint' : 'pips__text'}>
        {max === null ? `${used}` : `${used} of ${max}`}
      </span>
    </span>
  )
}
