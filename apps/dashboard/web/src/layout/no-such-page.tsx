import { Link } from '@tanstack/react-router'
import { EmptyState } from '../design/empty-state.js'
import { Page } from './page.js'

export function NoSuchPage() {
  return (
    <Page title="No such page">
      <EmptyState icon="search" title="There is nothing at this address">
        Go to the <Link to="/">overview</Link>, or search for a job above.
      </EmptyState>
    </Page>
  )
}
