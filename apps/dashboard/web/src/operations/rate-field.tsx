import { useState } from 'react'
import { TextField } from '../design/text-field.js'

interface RateFieldProps {
  /** Undefined: as fast as the broker answers. */
  readonly onChange: (perSecond: number | undefined) => void
}

const MAX_PER_SECOND = 10_000

export function RateField({ onChange }: RateFieldProps) {
  const [text, setText] = useState('')
  return (
    <TextField
      label="At most so many a second"
      hint="Empty: as fast as the broker takes them."
      type="number"
      inputMode="numeric"
      min={1}
      max={MAX_PER_SECOND}
      value={text}
      onChange={(event) => {
        setText(event.target.value)
        const rate = Math.trunc(Number(event.target.value))
        onChange(rate >= 1 ? Math.min(rate, MAX_PER_SECOND) : undefined)
      }}
    />
  )
}
