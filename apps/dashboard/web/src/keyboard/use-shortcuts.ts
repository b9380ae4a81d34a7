import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { chooseTheme, currentTheme, THEMES } from '../design/theme.js'
import { createKeySequence } from './key-sequence.js'
import { focusRow, toggleRow } from './rows.js'
import { GO_TO } from './shortcuts.js'

interface ShortcutTargets {
  readonly onHelp: () => void
  readonly onSearch: () => void
}

/** The keys of every page. Left alone while somebody writes, with modifiers held, and under an open dialog. */
export function useShortcuts({ onHelp, onSearch }: ShortcutTargets): void {
  const navigate = useNavigate()
  useEffect(() => {
    const read = createKeySequence(['g'])
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return
      if (document.querySelector('dialog[open]') !== null) return
      const keys = read(event.key, event.timeStamp)
      if (keys === undefined) return
      const page = GO_TO.find((one) => one.keys === keys)
      if (page !== undefined) {
        void navigate({ to: page.to })
        return
      }
      const act = {
        '/': onSearch,
        '?': onHelp,
        j: () => focusRow('next'),
        k: () => focusRow('before'),
        x: toggleRow,
        t: () => chooseTheme(THEMES[(THEMES.indexOf(currentTheme()) + 1) % THEMES.length] ?? 'system'),
      }[keys]
      if (act === undefined) return
      event.preventDefault()
      act()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [navigate, onHelp, onSearch])
}

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
}
