import { Dialog } from '../design/dialog.js'
import './shortcut-help.css'
import { GO_TO, ON_EVERY_PAGE, type Shortcut } from './shortcuts.js'

export function ShortcutHelp({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <div className="help">
        <Shortcuts title="On every page" shortcuts={ON_EVERY_PAGE} />
        <Shortcuts title="Go to" shortcuts={GO_TO} />
      </div>
    </Dialog>
  )
}

function Shortcuts({ title, shortcuts }: { readonly title: string; readonly shortcuts: readonly Shortcut[] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl className="help__list">
        {shortcuts.map(({ keys, does }) => (
          <div key={keys} className="help__one">
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
