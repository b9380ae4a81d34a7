import type { JobDetail } from '@millrace/dashboard/contract'
import type { ReactNode } from 'react'
import { CodeBlock } from '../../design/code-block.js'
import { Notice } from '../../design/notice.js'
import { Panel } from '../../design/panel.js'
import { plural } from '../../format/figure-text.js'
import { isMessageGone } from './is-message-gone.js'

/** What went in, and what came out. */
export function JobPayload({ job }: { readonly job: JobDetail }) {
  const headers = Object.keys(job.headers).length
  return (
    <Panel title="Input and result">
      <div className="payload">
        {job.redacted.length > 0 && <Notice tone="info">Hidden from everybody here: {job.redacted.join(', ')}.</Notice>}
        <Block title="Input">
          {isMessageGone(job) ? (
            <p className="faint">Not kept: it is forgotten when a job has ended.</p>
          ) : (
            <CodeBlock what="input" text={jsonText(job.input)} />
          )}
        </Block>
        {headers > 0 && (
          <Block title="Headers">
            <CodeBlock what="headers" text={jsonText(job.headers)} />
          </Block>
        )}
        <Block title="Result">
          <ResultText job={job} />
        </Block>
      </div>
    </Panel>
  )
}

function Block({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <h3>{title}</h3>
      {children}
    </section>
  )
}

const OVER: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled', 'expired'])

function ResultText({ job: { result, state } }: { readonly job: JobDetail }) {
  if (result === null) return <p className="faint">{OVER.has(state) ? 'Not kept.' : 'None yet: it has not ended.'}</p>
  switch (result.state) {
    case 'succeeded':
      if (!result.kept) return <p className="faint">It succeeded; its output is not kept.</p>
      return <CodeBlock what="result" text={jsonText(result.output)} />
    case 'failed':
      return (
        <p className="soft">
          It failed after {plural(result.attempts, 'attempt')}: {result.failure.name}: {result.failure.message}
        </p>
      )
    case 'cancelled':
      return <p className="soft">It was cancelled.</p>
    case 'expired':
      return <p className="soft">It expired before it could run.</p>
  }
}

function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? 'undefined'
}
