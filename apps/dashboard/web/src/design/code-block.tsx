import { CopyButton } from './copy-button.js'
import './code-block.css'

interface CodeBlockProps {
  /** What it is, as `input`. */
  readonly what: string
  readonly text: string
}

/** Text as it is, never markup. Scrolls within itself and can be scrolled by keyboard. */
export function CodeBlock({ what, text }: CodeBlockProps) {
  return (
    <div className="code">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="code__scroll" tabIndex={0} aria-label={what}>
        <pre>{text}</pre>
      </section>
      <div className="code__copy">
        <CopyButton text={text} what={what} />
      </div>
    </div>
  )
}
