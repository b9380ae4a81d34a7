import { Button } from '../design/button.js'
import { countText } from '../format/figure-text.js'
import './pager.css'

interface PagerProps {
  /** Pages before this one. */
  readonly page: number
  /** Null: this is the last one. */
  readonly next: string | null
  readonly scanned?: number | undefined
  readonly onFirst: () => void
  readonly onBack: () => void
  readonly onNext: (cursor: string) => void
}

export function Pager({ page, next, scanned, onFirst, onBack, onNext }: PagerProps) {
  return (
    <nav className="pager" aria-label="Pages of the list">
      <span className="figures">
        Page {page + 1}
        {scanned !== undefined && <span className="faint"> · looked at {countText(scanned)}</span>}
      </span>
      <div className="pager__buttons">
        <Button disabled={page === 0} onClick={onFirst}>
          First
        </Button>
        <Button icon="back" disabled={page === 0} onClick={onBack}>
          Back
        </Button>
        <Button icon="next" disabled={next === null} onClick={() => next !== null && onNext(next)}>
          Next
        </Button>
      </div>
    </nav>
  )
}
