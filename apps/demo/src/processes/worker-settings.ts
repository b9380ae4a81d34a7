/** Jobs that one worker process of the demo runs at once. */
export const CONCURRENCY = 8
/** Short, so that the jobs of the worker that is killed come back while one watches. */
export const LEASE = '2s'
