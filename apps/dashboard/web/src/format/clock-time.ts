const FORMAT = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})

/** The time of day in the viewer's zone, `14:03:09`: for lines that stand in their order. */
export function clockTime(at: number): string {
  return Number.isNaN(new Date(at).getTime()) ? '–' : FORMAT.format(at)
}
