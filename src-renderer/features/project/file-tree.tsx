/** The project's files: arrow keys as the tree pattern of ARIA has them, Enter opens. */
import { Braces, ChevronDown, ChevronRight, FileCode, FileText, Folder, FolderOpen, Table2 } from 'lucide-react'
import { useMemo, useState, type KeyboardEvent, type ReactNode } from 'react'
import { formatBytes } from '../../lib/format.ts'
import { fileRows, type FileRow } from './file-tree-model.ts'
import { useOpenProject } from './project-store.ts'
import './project.css'

interface FileTreeProps {
  /** The file that the editor shows, or null. */
  readonly active: string | null
  readonly problemsOf: (path: string) => number
  readonly onOpen: (path: string, stay: boolean) => void
}

const opened: ReadonlySet<string> = new Set(['nodes'])

export function FileTree({ active, problemsOf, onOpen }: FileTreeProps): ReactNode {
  const files = useOpenProject()?.files
  const [open, setOpen] = useState(opened)
  const [at, setAt] = useState<string | null>(null)
  const rows = useMemo(() => fileRows(files ?? [], (path) => open.has(path)), [files, open])
  const current = rows.find((row) => row.path === (at ?? active)) ?? rows[0]

  const toggle = (path: string, to: boolean): void => {
    const next = new Set(open)
    if (to) next.add(path)
    else next.delete(path)
    setOpen(next)
  }
  const pick = (row: FileRow, stay: boolean): void => {
    setAt(row.path)
    if (row.folder) toggle(row.path, !row.open)
    else onOpen(row.path, stay)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (!current) return
    const index = rows.indexOf(current)
    let to: FileRow | undefined
    switch (event.key) {
      case 'ArrowDown':
        to = rows[index + 1]
        break
      case 'ArrowUp':
        to = rows[index - 1]
        break
      case 'Home':
        to = rows[0]
        break
      case 'End':
        to = rows.at(-1)
        break
      case 'ArrowRight':
        if (current.folder && !current.open) toggle(current.path, true)
        else if (current.folder) to = rows[index + 1]
        break
      case 'ArrowLeft':
        if (current.open) toggle(current.path, false)
        else
          to = rows
            .slice(0, index)
            .reverse()
            .find((row) => row.depth < current.depth)
        break
      case 'Enter':
      case ' ':
        pick(current, event.key === 'Enter')
        break
      default:
        return
    }
    event.preventDefault()
    if (!to) return
    setAt(to.path)
    event.currentTarget.querySelector<HTMLElement>(`[data-path="${CSS.escape(to.path)}"]`)?.focus()
  }

  return (
    <div role="tree" aria-label="Files" className="file-tree" onKeyDown={onKeyDown}>
      {rows.map((row) => {
        const problems = row.folder ? 0 : problemsOf(row.path)
        return (
          // The tree around it has the keys.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
          <div
            key={row.path}
            role="treeitem"
            aria-level={row.depth + 1}
            aria-selected={row.path === active}
            {...(row.folder ? { 'aria-expanded': row.open } : {})}
            tabIndex={row === current ? 0 : -1}
            data-path={row.path}
            className={`side-row${row.path === active ? ' side-row-on' : ''}`}
            style={{ paddingLeft: 12 + row.depth * 18 }}
            title={row.path}
            onClick={() => pick(row, false)}
            onDoubleClick={() => (row.folder ? undefined : onOpen(row.path, true))}
          >
            {row.folder ? <Chevron open={row.open} /> : null}
            <FileIcon row={row} />
            <span className="side-row-name">{row.name}</span>
            {problems > 0 ? (
              <small className="side-row-problems">{problems}</small>
            ) : !row.folder && !row.name.endsWith('.py') && row.bytes > 0 ? (
              <small>{formatBytes(row.bytes)}</small>
            ) : null}
          </div>
        )
      })}
    </div>
  )
}

const Chevron = ({ open }: { readonly open: boolean }): ReactNode =>
  open ? <ChevronDown aria-hidden className="side-chevron" /> : <ChevronRight aria-hidden className="side-chevron" />

function FileIcon({ row }: { readonly row: FileRow }): ReactNode {
  const look = { 'aria-hidden': true, strokeWidth: 1.5 } as const
  if (row.folder) return row.open ? <FolderOpen {...look} /> : <Folder {...look} />
  if (/\.pyi?$/.test(row.name)) return <FileCode {...look} />
  if (/\.(csv|tsv|parquet|xlsx?)$/.test(row.name)) return <Table2 {...look} />
  if (/\.jsonc?$/.test(row.name)) return <Braces {...look} />
  return <FileText {...look} />
}
