import type { Broker } from '@millrace/broker'
import { type Clock, InvalidOptionError, type Logger } from '@millrace/core'

/** What takes the place of an app's own parts during a test. */
export interface Substitute {
  readonly broker: Broker
  readonly clock: Clock
  readonly logger: Logger
}

/** An app that is under test already. */
export function underTest(app: string): InvalidOptionError {
  return new InvalidOptionError({
    option: 'testApp',
    found: `the app ${app}, which is under test`,
    expected: 'one test at a time per app: close the first (await t.close(), or await using t = testApp(app))',
  })
}
