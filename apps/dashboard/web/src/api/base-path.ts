/**
 * The path under which the dashboard is mounted, without a slash at its end. A built script lies in `assets` right under
 * it, so its own address tells.
 */
export const BASE_PATH = import.meta.env.DEV
  ? ''
  : new URL(/* @vite-ignore */ '..', import.meta.url).pathname.replace(/\/$/, '')
