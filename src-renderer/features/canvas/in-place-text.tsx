/** A text that is edited where it stands: Enter and leaving keep, Escape does not. */
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react'

interface InPlaceTextProps {
  readonly label: string
  readonly text: string
  readonly multiline?: boolean
  /** Called once; null: nothing changes. */
  readonly onEnd: (text: string | null) => void
}

export function InPlaceText({ label, text, multiline = false, onEnd }: InPlaceTextProps): ReactNode {
  const [typed, setTyped] = useState(text)
  const ended = useRef(false)
  const end = (result: string | null): void => {
    if (ended.current) return
    ended.current = true
    onEnd(result === text ? null : result)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation()
    if (event.key === 'Escape') end(null)
    else if (event.key === 'Enter' && (!multiline || event.ctrlKey || event.metaKey)) end(typed)
    else return
    event.preventDefault()
  }
  const shared = {
    'aria-label': label,
    value: typed,
    autoFocus: true,
    spellCheck: false,
    onKeyDown,
    onBlur: () => end(typed),
  }
  return multiline ? (
    <textarea className="in-place-text in-place-lines" {...shared} onChange={(event) => setTyped(event.target.value)} />
  ) : (
    <input
      className="in-place-text"
      {...shared}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setTyped(event.target.value)}
    />
  )
}
