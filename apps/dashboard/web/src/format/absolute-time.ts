const FORMAT = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'long',
})

/** In the viewer's zone, with its name: what a relative time shows when pointed at. */
export function absoluteTime(at: number): string {
  return Number.isNaN(new Date(at).getTime()) ? 'unknown time' : FORMAT.format(at)
}
