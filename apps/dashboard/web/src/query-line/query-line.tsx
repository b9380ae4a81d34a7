import { completeQueryLine, MAX_QUERY_CHARACTERS, parseQueryLine } from '@millrace/dashboard/contract'
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, type RefObject, useId, useState } from 'react'
import { readCompletions } from '../api/queries.js'
import { Icon } from '../design/icon.js'
import { applyCompletion } from './apply-completion.js'
import './query-line.css'

interface QueryLineProps {
  readonly value: string
  readonly onChange: (line: string) => void
  /** The line is good and was asked for. */
  readonly onSubmit: (line: string) => void
  readonly inputRef: RefObject<HTMLInputElement | null>
}

const NO_NAMES = { tasks: [], queues: [] }

/** One line that says which jobs. Completes keys, states and the names that the broker knows. */
export function QueryLine({ value, onChange, onSubmit, inputRef }: QueryLineProps) {
  const id = useId()
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const [caret, setCaret] = useState(0)
  const { data: names = NO_NAMES } = useQuery({ ...readCompletions(), enabled: open })
  const completion = completeQueryLine(value, caret, names)
  const options = open ? completion.options : []
  const problem = open ? undefined : parseQueryLine(value).problems[0]

  const write = (line: string, at: number) => {
    onChange(line)
    setCaret(at)
    setActive(-1)
    requestAnimationFrame(() => inputRef.current?.setSelectionRange(at, at))
  }
  const take = (text: string) => {
    const next = applyCompletion(value, completion, text)
    write(next.line, next.caret)
    setOpen(true)
  }
  const submit = () => {
    setOpen(false)
    if (parseQueryLine(value).problems.length === 0) onSubmit(value.trim())
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const chosen = options[active]
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      setOpen(true)
      const step = event.key === 'ArrowDown' ? 1 : -1
      if (options.length > 0) setActive((active + step + options.length) % options.length)
    } else if (event.key === 'Enter' && chosen !== undefined) {
      event.preventDefault()
      take(chosen.text)
    } else if (event.key === 'Tab' && chosen !== undefined && !event.shiftKey) {
      event.preventDefault()
      take(chosen.text)
    } else if (event.key === 'Escape') {
      if (open) setOpen(false)
      else inputRef.current?.blur()
    }
  }

  return (
    <search className="query">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Icon name="search" />
        <input
          ref={inputRef}
          className="query__input"
          role="combobox"
          aria-label="Search jobs"
          aria-expanded={options.length > 0}
          aria-controls={`${id}-options`}
          aria-autocomplete="list"
          aria-activedescendant={active >= 0 && options.length > 0 ? `${id}-${active}` : undefined}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : `${id}-problem`}
          placeholder="Search jobs:  task:mail.*  state:retrying  error:timeout"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={MAX_QUERY_CHARACTERS}
          enterKeyHint="search"
          value={value}
          onChange={(event) => {
            setOpen(true)
            setActive(-1)
            setCaret(event.target.selectionStart ?? event.target.value.length)
            onChange(event.target.value)
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onKeyDown={onKeyDown}
        />
        <span className="query__hint" aria-hidden="true">
          <kbd>/</kbd>
        </span>
      </form>
      {problem !== undefined && (
        <p id={`${id}-problem`} className="query__problem" role="alert">
          {problem.message}
        </p>
      )}
      <div
        id={`${id}-options`}
        className="query__options"
        role="listbox"
        aria-label="Completions"
        hidden={options.length === 0}
      >
        {options.map((option, index) => (
          // The combobox has the focus and the keys: its options are reached through aria-activedescendant.
          // biome-ignore lint/a11y/useFocusableInteractive: see above
          // biome-ignore lint/a11y/useKeyWithClickEvents: see above
          <div
            key={option.text}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            className="query__option"
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => take(option.text)}
          >
            <span className="query__text">{option.text}</span>
            <span className="query__kind">{option.kind}</span>
          </div>
        ))}
      </div>
    </search>
  )
}
