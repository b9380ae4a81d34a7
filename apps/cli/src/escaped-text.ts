import { errorPlace } from './error-place.js'
import { errorText } from './error-text.js'

/** One sentence about an error that nothing in the app module caught, with its place and the fix. */
export function escapedText(error: unknown, kind: 'exception' | 'rejection', folder = process.cwd()): string {
  const name = error instanceof Error ? `${error.name}: ` : ''
  const place = errorPlace(error, folder)
  const what = `${name}${errorText(error).replace(/\.+$/, '')}${place === undefined ? '' : ` (at ${place})`}`
  return kind === 'rejection'
    ? `A promise was rejected that nobody awaited: ${what}; await it where it is made, or catch it there.`
    : `An error was thrown outside of every promise: ${what}; catch it in the timer or event handler that throws it.`
}
