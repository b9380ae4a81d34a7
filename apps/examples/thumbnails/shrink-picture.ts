import { PNG } from 'pngjs'

/** Averages the pixels of each cell. Never enlarges. */
export function shrinkPicture(source: PNG, width: number): PNG {
  const scale = Math.min(1, width / source.width)
  const target = new PNG({
    width: Math.round(source.width * scale),
    height: Math.max(1, Math.round(source.height * scale)),
  })
  for (let y = 0; y < target.height; y += 1) {
    for (let x = 0; x < target.width; x += 1) {
      const cell = {
        left: Math.floor((x * source.width) / target.width),
        right: Math.ceil(((x + 1) * source.width) / target.width),
        top: Math.floor((y * source.height) / target.height),
        bottom: Math.ceil(((y + 1) * source.height) / target.height),
      }
      for (let channel = 0; channel < 4; channel += 1) {
        target.data[(y * target.width + x) * 4 + channel] = average(source, cell, channel)
      }
    }
  }
  return target
}

interface Cell {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

function average(source: PNG, { left, right, top, bottom }: Cell, channel: number): number {
  let sum = 0
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) sum += source.data[(y * source.width + x) * 4 + channel] ?? 0
  }
  return Math.round(sum / ((right - left) * (bottom - top)))
}
