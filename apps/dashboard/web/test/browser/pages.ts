/** Every page that needs a sign-in, with the level-one heading that it shows. A job's page is beside them: it needs a job. */
export const PAGES = [
  { name: 'overview', path: '/', heading: 'Overview' },
  { name: 'retries', path: '/retries', heading: 'Retries' },
  { name: 'jobs', path: '/jobs', heading: 'Jobs' },
  { name: 'queues', path: '/queues', heading: 'Queues' },
  { name: 'workers', path: '/workers', heading: 'Workers' },
  { name: 'failed', path: '/failed', heading: 'Failed' },
  { name: 'leader', path: '/leader', heading: 'Leader and schedules' },
  { name: 'audit', path: '/audit', heading: 'Audit' },
] as const
