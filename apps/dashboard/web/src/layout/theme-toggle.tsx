import { useSyncExternalStore } from 'react'
import { Button } from '../design/button.js'
import { chooseTheme, currentTheme, onThemeChange, THEMES } from '../design/theme.js'

const ICONS = { system: 'system', light: 'sun', dark: 'moon' } as const

export function ThemeToggle() {
  const theme = useSyncExternalStore(onThemeChange, currentTheme)
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system'
  return (
    <Button
      look="quiet"
      icon={ICONS[theme]}
      label={`Theme: ${theme}. Change to ${next}`}
      onClick={() => chooseTheme(next)}
    />
  )
}
