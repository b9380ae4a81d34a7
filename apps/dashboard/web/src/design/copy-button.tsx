import { useState } from 'react'
import { Button } from './button.js'

interface CopyButtonProps {
  readonly text: string
  /** What is copied, as `id`. */
  readonly what: string
}

export function CopyButton({ text, what }: CopyButtonProps) {
  const [copied, setCopied] = useState(false)
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  return (
    <Button
      look="quiet"
      icon={copied ? 'check' : 'copy'}
      label={copied ? `${what} copied` : `Copy ${what}`}
      onClick={() => void copy()}
      onBlur={() => setCopied(false)}
    />
  )
}
