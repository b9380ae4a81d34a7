import { Button } from '../design/button.js'
import { Notice } from '../design/notice.js'
import { Page } from './page.js'

/** A page that could not be drawn, or not be fetched after the server was replaced. */
export function PageError({ error }: { readonly error: unknown }) {
  return (
    <Page title="This page failed">
      <Notice tone="bad" actions={<Button onClick={() => location.reload()}>Load again</Button>}>
        {error instanceof Error ? error.message : 'It could not be drawn.'}
      </Notice>
    </Page>
  )
}
