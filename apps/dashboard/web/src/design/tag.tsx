import type { ReactNode } from 'react'
import './tag.css'

interface TagProps {
  readonly tone?: 'good' | 'warn' | 'bad' | 'idle' | 'running' | 'waiting' | undefined
  readonly children: ReactNode
}

/** A word about a thing: paused, leading, stale. */
export function Tag({ tone = 'idle', children }: TagProps) {
  return <span className={`tag state--${tone}`}>{children}</span>
}
