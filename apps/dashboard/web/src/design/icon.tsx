import './icon.css'

/** Strokes on a 16 × 16 grid. */
const PATHS = {
  overview: 'M2.5 13.5h11M4 11V8m4 3V3.5M12 11V6',
  retries: 'M13.5 8a5.5 5.5 0 1 1-1.7-4M13.5 2v3h-3',
  failed: 'M8 5v3.5M8 11h.01M8 1.8 14.5 13.5h-13z',
  jobs: 'M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01',
  queues: 'M2.5 5.5 8 2.5l5.5 3L8 8.5zM2.5 8.5 8 11.5l5.5-3M2.5 11.2 8 14l5.5-2.8',
  workers: 'M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01',
  leader: 'M2.5 12.5h11M2.5 5l3 3L8 3.5 10.5 8l3-3-.8 5H3.3z',
  audit: 'M4 1.8h5.5L12 4.3v9.9H4zM6.3 7h3.5M6.3 9.8h3.5',
  schedules: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 5v3.2l2.2 1.3',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7 14 14',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1.2v1.3M8 13.5v1.3M1.2 8h1.3M13.5 8h1.3M3.2 3.2l.9.9M11.9 11.9l.9.9M3.2 12.8l.9-.9M11.9 4.1l.9-.9',
  moon: 'M13.5 9.5A5.8 5.8 0 0 1 6.5 2.5a5.8 5.8 0 1 0 7 7z',
  system: 'M2 3h12v8H2zM6 13.8h4M8 11v2.8',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  close: 'M4 4l8 8M12 4l-8 8',
  check: 'M3.2 8.5l3.2 3 6.4-7',
  play: 'M5 3.2v9.6L12.5 8z',
  pause: 'M5.3 3.5v9M10.7 3.5v9',
  trash: 'M3 4.5h10M6 4.5V2.8h4v1.7M4.3 4.5l.6 9h6.2l.6-9',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 5v3.2l2.2 1.3',
  stop: 'M4 4h8v8H4z',
  resize: 'M9.5 2.5h4v4M13.5 2.5 9 7M6.5 13.5h-4v-4M2.5 13.5 7 9',
  quiet: 'M2.5 6v4h2.7L8.5 13V3L5.2 6zM11 6.2l3 3.6M14 6.2l-3 3.6',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  back: 'M9.5 3.5 5 8l4.5 4.5',
  next: 'M6.5 3.5 11 8l-4.5 4.5',
  down: 'M3.5 6.5 8 11l4.5-4.5',
  warning: 'M8 5v3.5M8 11h.01M8 1.8 14.5 13.5h-13z',
  info: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.3v3.5M8 5h.01',
  leave: 'M6.5 2.5h-4v11h4M10 5l3 3-3 3M13 8H6',
  keyboard: 'M1.5 4h13v8h-13zM4 6.5h.01M6.7 6.5h.01M9.3 6.5h.01M12 6.5h.01M5 9.5h6',
  arrow: 'M3 8h10M9.5 4.5 13 8l-3.5 3.5',
} as const

export type IconName = keyof typeof PATHS

/** Decoration: what it stands for is said in text beside it. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}
