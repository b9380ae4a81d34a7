import type { Failure } from '@millrace/dashboard/contract'
import { CodeBlock } from '../design/code-block.js'
import { Tag } from '../design/tag.js'
import { TimeAgo } from '../design/time-ago.js'
import './failure-list.css'

interface FailureListProps {
  /** Oldest first. */
  readonly failures: readonly Failure[]
}

/** Every attempt's error, the latest first and open. */
export function FailureList({ failures }: FailureListProps) {
  const latestFirst = failures.map((failure, index) => ({ failure, index })).toReversed()
  return (
    <ol className="failures">
      {latestFirst.map(({ failure, index }) => (
        <li key={index}>
          <details className="failure" open={index === failures.length - 1}>
            <summary>
              <span className="failure__attempt">
                {failure.attempt === 0 ? 'No attempt' : `Attempt ${failure.attempt}`}
              </span>
              <span className="failure__said">
                <b>{failure.name}</b> {failure.message}
              </span>
              {failure.reason !== 'error' && <Tag>{failure.reason}</Tag>}
              <TimeAgo at={failure.at} />
            </summary>
            <CodeBlock what="error" text={failure.stack ?? `${failure.name}: ${failure.message}`} />
            {failure.data !== null && failure.data !== undefined && (
              <CodeBlock what="data of the error" text={JSON.stringify(failure.data, null, 2)} />
            )}
          </details>
        </li>
      ))}
    </ol>
  )
}
