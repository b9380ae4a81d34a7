import { useQuery } from '@tanstack/react-query'
import { readLeader, readSchedules } from '../../api/queries.js'
import { Page } from '../../layout/page.js'
import { ReadingError } from '../../layout/reading-error.js'
import { LeaderPanel } from './leader-panel.js'
import { PastTermsPanel } from './past-terms-panel.js'
import { SchedulesPanel } from './schedules-panel.js'

/** Who moves time forward, and what it moves. */
export function LeaderPage() {
  const leader = useQuery(readLeader())
  const schedules = useQuery(readSchedules())
  return (
    <Page title="Leader and schedules">
      <ReadingError error={leader.error} onRetry={leader.refetch} />
      <LeaderPanel leader={leader.data} />
      <ReadingError error={schedules.error} onRetry={schedules.refetch} />
      <SchedulesPanel schedules={schedules.data} />
      <PastTermsPanel terms={leader.data?.past} />
    </Page>
  )
}
