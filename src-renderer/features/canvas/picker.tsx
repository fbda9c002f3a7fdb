/* oxlint-disable jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events -- the search field has the keys for the whole list, as the combobox pattern has it */
/** A small searchable list in a popup: type to narrow, arrows to move, Enter to take, Escape to leave. */
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'

export interface PickerItem {
  readonly id: string
  readonly title: string
  readonly hint?: string
  readonly icon?: ReactNode
  /** Why it cannot be taken; shown in place of the hint. */
  readonly barred?: string | null
}

interface PickerProps {
  readonly label: string
  readonly placeholder: string
  /** The list for what was typed; filtered already. */
  readonly itemsFor: (query: string) => readonly PickerItem[]
  readonly onPick: (id: string, query: string) => void
  readonly onClose: () => void
  readonly left: number
  readonly top: number
}

export const PICKER_SIZE = { width: 280, height: 280 } as const

/** Every word of the query is in the text. */
export const matches = (text: string, query: string): boolean =>
  query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.toLowerCase().includes(word))

export function Picker({ label, placeholder, itemsFor, onPick, onClose, left, top }: PickerProps): ReactNode {
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const list = useId()
  const root = useRef<HTMLDivElement>(null)
  const items = useMemo(() => itemsFor(query), [itemsFor, query])
  const at = Math.min(active, Math.max(0, items.length - 1))
  useEffect(() => {
    root.current?.querySelector(`[id="${list}-${at}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [list, at])

  const take = (item: PickerItem | undefined): void => {
    if (item && !item.barred) onPick(item.id, query.trim())
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation()
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) setActive((at + step + items.length) % Math.max(1, items.length))
    else if (event.key === 'Enter') take(items[at])
    else if (event.key === 'Escape' || event.key === 'Tab') onClose()
    else return
    event.preventDefault()
  }
  return (
    <div
      ref={root}
      className="picker"
      role="dialog"
      aria-label={label}
      data-overlay=""
      style={{ left, top, width: PICKER_SIZE.width, maxHeight: PICKER_SIZE.height }}
      onKeyDown={onKeyDown}
      onBlur={(event) => (event.currentTarget.contains(event.relatedTarget) ? undefined : onClose())}
    >
      <input
        className="picker-search"
        role="combobox"
        aria-label={label}
        aria-expanded
        aria-controls={list}
        aria-activedescendant={items[at] ? `${list}-${at}` : undefined}
        placeholder={placeholder}
        value={query}
        autoFocus
        spellCheck={false}
        onChange={(event) => {
          setQuery(event.target.value)
          setActive(0)
        }}
      />
      <div id={list} className="picker-list" role="listbox" aria-label={label}>
        {items.map((item, index) => (
          <div
            key={item.id}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === at}
            aria-disabled={item.barred ? true : undefined}
            className="picker-item"
            onPointerEnter={() => setActive(index)}
            // The search keeps the focus, so that taking an item is not leaving.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take(item)}
          >
            {item.icon}
            <span className="picker-title">{item.title}</span>
            <small>{item.barred ?? item.hint}</small>
          </div>
        ))}
        {items.length === 0 ? <p className="picker-none">Nothing matches.</p> : null}
      </div>
    </div>
  )
}
