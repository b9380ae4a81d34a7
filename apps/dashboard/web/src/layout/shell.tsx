import { Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect, useRef, useState } from 'react'
import { Button } from '../design/button.js'
import { ShortcutHelp } from '../keyboard/shortcut-help.js'
import { useShortcuts } from '../keyboard/use-shortcuts.js'
import { useLiveEvents } from '../live/use-live-events.js'
import { OperationDock } from '../operations/operation-dock.js'
import { QueryLine } from '../query-line/query-line.js'
import { Brand } from './brand.js'
import { LiveMark } from './live-mark.js'
import { Nav } from './nav.js'
import './shell.css'
import { ThemeToggle } from './theme-toggle.js'
import { UserMark } from './user-mark.js'

/** What stands around every page. */
export function Shell() {
  useLiveEvents()
  const [menuOpen, setMenuOpen] = useState(false)
  const [helpOpen, setHelpOpen] = useState(false)
  const search = useRef<HTMLInputElement>(null)
  const main = useRef<HTMLElement>(null)
  const { pathname, search: parameters } = useLocation()
  const asked = pathname === '/jobs' ? ((parameters as { readonly q?: string }).q ?? '') : ''
  const [line, setLine] = useState(asked)
  const navigate = useNavigate()
  const closeMenu = useCallback(() => setMenuOpen(false), [])
  useShortcuts({
    onHelp: useCallback(() => setHelpOpen(true), []),
    onSearch: useCallback(() => search.current?.focus(), []),
  })

  // The line is that of the page; what was typed elsewhere goes with the page that it was typed on.
  useEffect(() => setLine(asked), [asked])

  // A new page is announced by its heading; the first one needs no help.
  const shownBefore = useRef(pathname)
  useEffect(() => {
    if (shownBefore.current === pathname) return
    shownBefore.current = pathname
    main.current?.focus({ preventScroll: true })
  }, [pathname])

  return (
    <div className={menuOpen ? 'shell shell--menu' : 'shell'}>
      <a className="shell__skip" href="#main">
        Skip to the page
      </a>
      <aside className="shell__side" id="menu">
        <div className="shell__pages">
          <Brand />
          <Nav onGo={closeMenu} />
          <div className="shell__foot">
            <UserMark />
          </div>
        </div>
      </aside>
      {menuOpen && <button type="button" className="shell__veil" aria-label="Close the menu" onClick={closeMenu} />}
      <header className="shell__top">
        <div className="shell__menu">
          <Button
            look="quiet"
            icon={menuOpen ? 'close' : 'menu'}
            label={menuOpen ? 'Close the menu' : 'Open the menu'}
            aria-expanded={menuOpen}
            aria-controls="menu"
            onClick={() => setMenuOpen(!menuOpen)}
          />
        </div>
        <QueryLine
          inputRef={search}
          value={line}
          onChange={setLine}
          onSubmit={(q) => void navigate({ to: '/jobs', search: q === '' ? {} : { q } })}
        />
        <div className="shell__tools">
          <LiveMark />
          <span className="shell__wide">
            <Button look="quiet" icon="keyboard" label="Keyboard shortcuts" onClick={() => setHelpOpen(true)} />
          </span>
          <ThemeToggle />
        </div>
      </header>
      <main className="shell__main" id="main" ref={main} tabIndex={-1}>
        <Outlet />
      </main>
      <OperationDock />
      {helpOpen && <ShortcutHelp onClose={() => setHelpOpen(false)} />}
    </div>
  )
}
