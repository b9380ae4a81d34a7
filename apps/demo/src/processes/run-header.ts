/** The header that tells which run of the demo a job belongs to. */
export const RUN_HEADER = 'demo-run'
