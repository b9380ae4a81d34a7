import { Button } from '../design/button.js'
import { Notice } from '../design/notice.js'

interface ReadingErrorProps {
  readonly error: Error | null
  readonly onRetry: () => unknown
}

/** What happened when a page could not be read. Nothing where all is well. */
export function ReadingError({ error, onRetry }: ReadingErrorProps) {
  if (error === null) return null
  return (
    <Notice tone="bad" actions={<Button onClick={() => void onRetry()}>Try again</Button>}>
      {error.message}
    </Notice>
  )
}
