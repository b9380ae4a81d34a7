import type { JobDetail } from '@millrace/dashboard/contract'
import { CodeBlock } from '../../design/code-block.js'
import { Panel } from '../../design/panel.js'
import { ProgressBar } from '../../design/progress-bar.js'
import { TimeAgo } from '../../design/time-ago.js'
import { pairText, shareDone } from './share-done.js'

/** How far its handler says it is. Nothing where it has not said. */
export function JobProgress({ job: { progress } }: { readonly job: JobDetail }) {
  if (progress === null) return null
  const { value, at } = progress
  const share = shareDone(value)
  const figures = pairText(value)
  const more = typeof value !== 'number' && figures === undefined
  return (
    <Panel title="Progress" note={<TimeAgo at={at} />}>
      <div className="job-progress">
        {share !== undefined && (
          <div className="job-progress__bar">
            <ProgressBar label="How far the job is" done={share} total={1} />
            <span className="job-progress__figure">
              {Math.floor(share * 100)} %{figures !== undefined && <span className="soft"> {figures}</span>}
            </span>
          </div>
        )}
        {(more || share === undefined) && <CodeBlock what="progress" text={JSON.stringify(value, null, 2)} />}
      </div>
    </Panel>
  )
}
