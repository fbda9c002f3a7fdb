/* oxlint-disable react/no-array-index-key -- columns of a table have no identity but their place, names may repeat */
/** The first rows of a table: only those in view are in the page; header and index stay. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, type ReactNode } from 'react'
import type { ValueView } from '../../../src-shared/contract/run.ts'
import { formatCount, plural } from '../../lib/format.ts'
import { Caption } from './caption.tsx'

type Table = Extract<ValueView, { kind: 'table' }>

const ROW_HEIGHT = 22

/** Column widths in pixels, by the longest text among name and first rows. */
export function columnWidths(table: Table): number[] {
  const CHARACTER = 7.3
  const sample = table.rows.slice(0, 100)
  return table.columns.map((column, index) => {
    const longest = sample.reduce(
      (most, row) => Math.max(most, row[index]?.length ?? 0),
      Math.max(column.name.length, column.type.length),
    )
    return Math.round(Math.min(320, Math.max(56, longest * CHARACTER + 24)))
  })
}

const isNumeric = (type: string): boolean => /^(u?int|float|complex|bool|decimal)/i.test(type)

export function TableView({ table, label }: { readonly table: Table; readonly label: string }): ReactNode {
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: table.rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  })
  const widths = columnWidths(table)
  const indexWidth = Math.max(
    44,
    Math.min(160, Math.max(...table.index.slice(0, 100).map((text) => text.length), 1) * 7.3 + 24),
  )
  const template = `${indexWidth}px ${widths.map((width) => `${width}px`).join(' ')}`
  const shown = table.rows.length

  return (
    <div className="table-view">
      <Caption>
        <span>
          {plural(table.totalRows, 'row')} × {plural(table.totalColumns, 'column')}
        </span>
        {shown < table.totalRows ? <span>first {formatCount(shown)} shown</span> : null}
        {table.columns.length < table.totalColumns ? <span>first {table.columns.length} columns shown</span> : null}
      </Caption>
      <div
        ref={scroller}
        className="table-scroll"
        role="table"
        aria-label={label}
        aria-rowcount={table.totalRows + 1}
        aria-colcount={table.totalColumns + 1}
        tabIndex={0}
      >
        <div className="table-head" role="row" style={{ gridTemplateColumns: template }}>
          <span role="columnheader" className="table-index" aria-label="Index" />
          {table.columns.map((column, index) => (
            <span
              role="columnheader"
              key={`${index}-${column.name}`}
              title={`${column.name}: ${column.type}`}
              className={isNumeric(column.type) ? 'table-number' : ''}
            >
              {column.name}
              <small>{column.type}</small>
            </span>
          ))}
        </div>
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {rows.getVirtualItems().map((item) => (
            <div
              role="row"
              key={item.key}
              aria-rowindex={item.index + 2}
              className="table-row"
              style={{ gridTemplateColumns: template, transform: `translateY(${item.start}px)` }}
            >
              <span role="rowheader" className="table-index">
                {table.index[item.index] ?? ''}
              </span>
              {table.rows[item.index]?.map((cell, index) => (
                <span
                  role="cell"
                  key={index}
                  className={`${isNumeric(table.columns[index]?.type ?? '') ? 'table-number' : ''}${cell === null ? ' table-missing' : ''}`}
                  title={cell !== null && cell.length > 40 ? cell : undefined}
                >
                  {cell ?? 'missing'}
                </span>
              ))}
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}
