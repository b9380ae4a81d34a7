import type { Attention } from '@millrace/dashboard/contract'
import { Icon } from '../../design/icon.js'
import { Panel } from '../../design/panel.js'
import './attention-panel.css'
import { AttentionLink } from './attention-link.js'

/** What needs a person, the worst first. */
export function AttentionPanel({ attention }: { readonly attention: readonly Attention[] | undefined }) {
  if (attention === undefined) return <div className="attention__blank" aria-hidden="true" />
  if (attention.length === 0) {
    return (
      <p className="attention__calm">
        <Icon name="check" />
        Nothing needs you.
      </p>
    )
  }
  return (
    <Panel title="Needs attention" note={`${attention.length}`} flush>
      <ul className="attention">
        {attention.map((one) => (
          <li
            key={`${one.kind} ${one.queue} ${one.task} ${one.worker} ${one.what}`}
            className={`attention__one attention__one--${one.level}`}
          >
            <Icon name={one.level === 'error' ? 'failed' : 'info'} />
            <div className="attention__text">
              <p>
                <span className="visually-hidden">{one.level}: </span>
                {one.what}
              </p>
              <p className="attention__fix">{one.fix}</p>
            </div>
            <AttentionLink attention={one} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}
