/** Ms since the epoch, with fractions; comparable between processes of one machine to some 10 µs. */
export function wallNow(): number {
  return performance.timeOrigin + performance.now()
}
