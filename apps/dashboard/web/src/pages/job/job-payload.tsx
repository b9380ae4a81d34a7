import type { JobDetail } from '@millrace/dashboard/contract'
import type { ReactNode } from 'react'
import { CodeBlock } from '../../design/code-block.js'
import { Notice } from '../../design/notice.js'
import { Panel } from '../../design/panel.js'
import { TimeAgo } from '../../design/time-ago.js'
import { plural } from '../../format/figure-text.js'

/** What went in, what came out, and what was said on the way. */
export function JobPayload({ job }: { readonly job: JobDetail }) {
  const headers = Object.keys(job.headers).length
  return (
    <>
      <Panel title="Input and result">
        <div className="payload">
          {job.redacted.length > 0 && (
            <Notice tone="info">Hidden from everybody here: {job.redacted.join(', ')}.</Notice>
          )}
          <Block title="Input">
            <CodeBlock what="input" text={jsonText(job.input)} />
          </Block>
          {headers > 0 && (
            <Block title="Headers">
              <CodeBlock what="headers" text={jsonText(job.headers)} />
            </Block>
          )}
          {job.progress !== null && job.progress !== undefined && (
            <Block title="Progress">
              <CodeBlock what="progress" text={jsonText(job.progress)} />
            </Block>
          )}
          <Block title="Result">
            <ResultText job={job} />
          </Block>
        </div>
      </Panel>
      {job.logs !== null && (
        <Panel title="Log">
          <JobLogs logs={job.logs} />
        </Panel>
      )}
    </>
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

function ResultText({ job: { result } }: { readonly job: JobDetail }) {
  if (result === null) return <p className="faint">None, or not kept any more.</p>
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

function JobLogs({ logs }: { readonly logs: NonNullable<JobDetail['logs']> }) {
  if (logs.length === 0) return <p className="faint">It has logged nothing.</p>
  return (
    <ol className="logs">
      {logs.map((line, index) => (
        // Lines have no ids, and none is ever put between two others.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <li key={index} className="logs__line">
          <TimeAgo at={line.at} />
          <span className="logs__level">{line.level}</span>
          <span>{line.text}</span>
        </li>
      ))}
    </ol>
  )
}

function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? 'undefined'
}
