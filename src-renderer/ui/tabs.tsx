/** A row of tabs over one panel; arrow keys move, as the tabs pattern of ARIA has it. */
import type { KeyboardEvent, ReactNode } from 'react'
import './tabs.css'

export interface TabItem {
  readonly id: string
  readonly label: string
  /** Beside the label: a count, a state. */
  readonly badge?: ReactNode
  readonly icon?: ReactNode
  /** Shown on hover. */
  readonly hint?: string
  readonly italic?: boolean
  readonly onClose?: () => void
}

interface TabsProps {
  /** Names the row: "Panels", "Open files". */
  readonly label: string
  readonly items: readonly TabItem[]
  readonly active: string | null
  readonly onSelect: (id: string) => void
  /** Inside another line, without a line of its own. */
  readonly small?: boolean
  /** At the right end of the row. */
  readonly tools?: ReactNode
}

/** Ids by which a tab and its panel know each other. */
export const tabPanelId = (tab: string): string => `panel-${tab.replaceAll(/[^\w-]/g, '_')}`
export const tabId = (tab: string): string => `tab-${tab.replaceAll(/[^\w-]/g, '_')}`

export function Tabs({ label, items, active, onSelect, small = false, tools }: TabsProps): ReactNode {
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const at = items.findIndex((item) => item.id === active)
    const target =
      event.key === 'Home'
        ? items[0]
        : event.key === 'End'
          ? items.at(-1)
          : step === undefined
            ? undefined
            : items[(at + step + items.length) % items.length]
    if (!target) {
      if (event.key === 'Delete') items[at]?.onClose?.()
      return
    }
    event.preventDefault()
    onSelect(target.id)
    document.getElementById(tabId(target.id))?.focus()
  }
  return (
    <div className={small ? 'ui-tabs ui-tabs-small' : 'ui-tabs'}>
      <div role="tablist" aria-label={label} className="ui-tabs-row" onKeyDown={onKeyDown}>
        {items.map((item) => (
          <div key={item.id} className={`ui-tab${item.id === active ? ' ui-tab-on' : ''}`}>
            <button
              type="button"
              role="tab"
              id={tabId(item.id)}
              aria-selected={item.id === active}
              aria-controls={tabPanelId(item.id)}
              tabIndex={item.id === active ? 0 : -1}
              className={`ui-tab-button${item.italic ? ' ui-tab-italic' : ''}`}
              title={item.hint}
              onClick={() => onSelect(item.id)}
              onAuxClick={(event) => (event.button === 1 ? item.onClose?.() : undefined)}
            >
              {item.icon}
              {item.label}
              {item.badge}
            </button>
            {item.onClose ? (
              <button
                type="button"
                className="ui-tab-close"
                aria-label={`Close ${item.label}`}
                tabIndex={-1}
                onClick={item.onClose}
              >
                ×
              </button>
            ) : null}
          </div>
        ))}
      </div>
      {tools === undefined ? null : <div className="ui-tabs-tools">{tools}</div>}
    </div>
  )
}
