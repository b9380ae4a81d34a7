import { useState } from 'react'
import { TextField } from '../design/text-field.js'
import { parseDelay } from '../format/parse-delay.js'

interface DelayFieldProps {
  readonly value: number | undefined
  /** Undefined: what is written is no delay. */
  readonly onChange: (delayMs: number | undefined) => void
}

export function DelayField({ value, onChange }: DelayFieldProps) {
  const [text, setText] = useState('1h')
  return (
    <TextField
      label="Wait for"
      hint={
        value === undefined ? 'Not a delay. Write a number and a unit: 30s, 5m, 2h or 1d.' : 'As 30s, 5m, 2h or 1d.'
      }
      value={text}
      aria-invalid={value === undefined}
      onChange={(event) => {
        setText(event.target.value)
        onChange(parseDelay(event.target.value))
      }}
    />
  )
}
