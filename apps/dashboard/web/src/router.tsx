import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { BASE_PATH } from './api/base-path.js'
import { NoSuchPage } from './layout/no-such-page.js'
import { PageError } from './layout/page-error.js'
import { Shell } from './layout/shell.js'
import { readSearch, writeSearch } from './search-text.js'

const root = createRootRoute({ component: Shell, notFoundComponent: NoSuchPage })

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

const routes = [
  createRoute({
    getParentRoute: () => root,
    path: '/',
    component: lazyRouteComponent(() => import('./pages/overview/overview-page.js'), 'OverviewPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/retries',
    component: lazyRouteComponent(() => import('./pages/retries/retries-page.js'), 'RetriesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/failed',
    component: lazyRouteComponent(() => import('./pages/failed/failed-page.js'), 'FailedPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/jobs',
    validateSearch: (search): { q?: string | undefined } => ({ q: text(search.q) }),
    component: lazyRouteComponent(() => import('./pages/jobs/jobs-page.js'), 'JobsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/jobs/$id',
    validateSearch: (search): { queue?: string | undefined } => ({ queue: text(search.queue) }),
    component: lazyRouteComponent(() => import('./pages/job/job-page.js'), 'JobPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/queues',
    component: lazyRouteComponent(() => import('./pages/queues/queues-page.js'), 'QueuesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/workers',
    component: lazyRouteComponent(() => import('./pages/workers/workers-page.js'), 'WorkersPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/leader',
    component: lazyRouteComponent(() => import('./pages/leader/leader-page.js'), 'LeaderPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/audit',
    component: lazyRouteComponent(() => import('./pages/audit/audit-page.js'), 'AuditPage'),
  }),
] as const

export const router = createRouter({
  routeTree: root.addChildren(routes),
  basepath: BASE_PATH === '' ? '/' : BASE_PATH,
  parseSearch: readSearch,
  stringifySearch: writeSearch,
  defaultErrorComponent: PageError,
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
