/** What a code means to whoever meets it. */
export interface CatalogueEntry {
  /** One sentence: what happened. */
  readonly summary: string
  /** Whether the same call may succeed later, unchanged. */
  readonly retryable: boolean
  /** One sentence: what to do about it. */
  readonly fix: string
}

/**
 * Every error code, once. Codes are stable and a retired one is never used again.
 * docs/ERRORS.md shows the same codes; a test holds the two together.
 */
export const ERROR_CATALOGUE = {
  INVALID_INPUT: {
    summary: 'The input does not fit the schema of the task; nothing was written.',
    retryable: false,
    fix: 'Correct the value at the named path, or the schema.',
  },
  NOT_SERIALIZABLE: {
    summary: 'A value holds something that JSON would drop or change.',
    retryable: false,
    fix: 'Convert the value at the named path to plain JSON, e.g. a Date with toISOString(), a Map with Object.fromEntries().',
  },
  PAYLOAD_TOO_LARGE: {
    summary: 'A value is larger than its limit in bytes, or nested deeper than 200 levels.',
    retryable: false,
    fix: 'Store the data elsewhere and send its address; 1 MiB is the most that maxInputBytes allows.',
  },
  INVALID_NAME: {
    summary: 'A name of a task, queue or app, or a job id, breaks its rule.',
    retryable: false,
    fix: 'Use letters, digits and . _ : - only, at most 128 characters, starting with a letter or digit; ids: 1 to 200 characters without spaces.',
  },
  INVALID_OPTION: {
    summary: 'An option is unknown, has a wrong value or unit, or contradicts another.',
    retryable: false,
    fix: 'Change the named option to what the message says is expected.',
  },
  UNKNOWN_TASK: {
    summary: 'No task of this name is registered here.',
    retryable: false,
    fix: 'Define the task and import the module that defines it; check the spelling.',
  },
  UNIQUE_CONFLICT: {
    summary: 'Another job holds the unique key; nothing was written.',
    retryable: true,
    fix: "Wait for the holder to end, or enqueue with onConflict: 'return' to get the holder's handle.",
  },
  LOCK_NOT_WON: {
    summary: 'Others held the lock for as long as the caller would wait; nothing was run under it.',
    retryable: true,
    fix: 'Try later, or give a longer wait.',
  },
  OUTCOME_UNKNOWN: {
    summary: 'A call was sent and its answer lost: it may or may not have taken effect.',
    // Unchanged, the call could do its work twice; only with the same id is it safe.
    retryable: false,
    fix: 'Call again with the id that the error names: that does the work once.',
  },
  BROKER_UNAVAILABLE: {
    summary: 'The broker could not be reached in time; the call surely did nothing.',
    retryable: true,
    fix: 'Check that the broker runs and that MILLRACE_BROKER names it; run millrace doctor.',
  },
  BROKER_FULL: {
    summary: 'The broker has no memory left for new jobs; nothing was written.',
    retryable: true,
    fix: 'Raise maxmemory, add workers, or purge queues that nobody drains.',
  },
  BROKER_UNFIT: {
    summary: 'The broker cannot keep the promises: it evicts keys, is too old, or refuses the login or a command.',
    retryable: false,
    fix: 'Change the setting that the message names; run millrace doctor.',
  },
  LAYOUT_MISMATCH: {
    summary: 'The stored data has another layout version than this release reads.',
    retryable: false,
    fix: 'Run one release everywhere, or drain the queues before changing over.',
  },
  STALE_EPOCH: {
    summary: 'A dispatcher whose term is over tried to write; it was refused.',
    retryable: false,
    fix: 'Nothing to do: the newer leader goes on. If it repeats, check clocks and the coordinator.',
  },
  LEASE_LOST: {
    summary: "A worker's lease on a lane ended, and its jobs go to others.",
    retryable: false,
    fix: 'Stop on ctx.signal; if it repeats, raise lease, or check the network and event loop.',
  },
  RESULT_TIMEOUT: {
    summary: 'The job did not end within the time given to wait for its result; it goes on.',
    retryable: true,
    fix: 'Wait longer, or check that a worker serves its queue.',
  },
  RESULT_NOT_KEPT: {
    summary: 'The job ended (or never was) and left no result to read.',
    retryable: false,
    fix: "Give the task an output schema or results: { keep: '1h' }, and read within that time.",
  },
  JOB_CANCELLED: {
    summary: 'The job was cancelled.',
    retryable: false,
    fix: 'Enqueue it again if it is still wanted.',
  },
  JOB_EXPIRED: {
    summary: 'The job was not started before it expired, and never ran.',
    retryable: false,
    fix: 'Raise expires, or add workers to the queue.',
  },
  JOB_FAILED: {
    summary: 'The job failed for good; the error of its last attempt is attached as data.',
    retryable: false,
    fix: 'Read remoteName, message and remoteStack; then millrace retry, or fix the handler.',
  },
  JOB_TIMED_OUT: {
    summary: 'An attempt ran longer than its timeout.',
    retryable: true,
    fix: 'Raise timeout, or make the handler stop on ctx.signal.',
  },
  MISFIT_LINK: {
    summary: 'In a workflow, the output of one link does not fit the input of the next.',
    retryable: false,
    fix: 'Make the static part and the previous output together fit the next input.',
  },
  INTERNAL: {
    summary: 'Millrace broke one of its own rules.',
    retryable: false,
    fix: 'Report it with the message and stack.',
  },
} as const satisfies Record<string, CatalogueEntry>

export type ErrorCode = keyof typeof ERROR_CATALOGUE
