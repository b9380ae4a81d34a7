import type { ButtonHTMLAttributes } from 'react'
import './button.css'
import { Icon, type IconName } from './icon.js'

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `plain` by default. */
  readonly look?: 'primary' | 'plain' | 'quiet' | 'danger' | undefined
  readonly icon?: IconName | undefined
  /** What it does, for a button that shows only its icon. */
  readonly label?: string | undefined
  readonly busy?: boolean | undefined
}

export function Button({ look = 'plain', icon, label, busy = false, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={`button button--${look}${children === undefined ? ' button--icon' : ''}`}
      aria-label={label ?? rest['aria-label']}
      title={label}
      aria-busy={busy || undefined}
      disabled={rest.disabled === true || busy}
    >
      {icon !== undefined && <Icon name={icon} />}
      {children !== undefined && <span>{children}</span>}
    </button>
  )
}
