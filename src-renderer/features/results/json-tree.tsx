/** A JSON value as a tree: arrow keys open, close and move. */
import { ChevronDown, ChevronRight } from 'lucide-react'
import { useMemo, useState, type KeyboardEvent, type ReactNode } from 'react'
import { readJsonTree, treeRows } from './json-tree-model.ts'

export function JsonTreeView({ json, label }: { readonly json: string; readonly label: string }): ReactNode {
  const tree = useMemo(() => readJsonTree(json), [json])
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(['$']))
  const [focus, setFocus] = useState('$')
  const rows = useMemo(() => (tree ? treeRows(tree, open) : []), [tree, open])
  if (!tree) return <pre className="result-text">{json}</pre>

  const toggle = (path: string, to: boolean): void => {
    const next = new Set(open)
    if (to) next.add(path)
    else next.delete(path)
    setOpen(next)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = rows.findIndex((row) => row.path === focus)
    const row = rows[at]
    if (!row) return
    const go = (path: string | undefined): void => (path === undefined ? undefined : setFocus(path))
    switch (event.key) {
      case 'ArrowDown':
        go(rows[at + 1]?.path)
        break
      case 'ArrowUp':
        go(rows[at - 1]?.path)
        break
      case 'ArrowRight':
        if (row.expandable && !row.open) toggle(row.path, true)
        else if (row.open) go(rows[at + 1]?.path)
        break
      case 'ArrowLeft':
        if (row.open) toggle(row.path, false)
        else
          go(
            rows
              .slice(0, at)
              .reverse()
              .find((other) => other.depth < row.depth)?.path,
          )
        break
      default:
        return
    }
    event.preventDefault()
  }

  return (
    <ul className="json-tree" role="tree" aria-label={label} tabIndex={0} onKeyDown={onKeyDown}>
      {rows.map((row) => (
        // The tree around it has the keys.
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
        <li
          key={row.path}
          role="treeitem"
          aria-level={row.depth + 1}
          aria-selected={row.path === focus}
          {...(row.expandable ? { 'aria-expanded': row.open } : {})}
          className={`json-row${row.path === focus ? ' json-row-focus' : ''}`}
          style={{ paddingLeft: 8 + row.depth * 14 }}
          onClick={() => {
            setFocus(row.path)
            if (row.expandable) toggle(row.path, !row.open)
          }}
        >
          <span className="json-arrow">{row.expandable ? row.open ? <ChevronDown /> : <ChevronRight /> : null}</span>
          {row.name === null ? null : <span className="json-name">{row.name}</span>}
          <span className={`json-${row.kind}`}>{row.text}</span>
        </li>
      ))}
    </ul>
  )
}
