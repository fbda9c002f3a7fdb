/** One field for a constant: plain text until it is touched, then an input. Enter or leaving keeps, Escape does not. */
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import type { FieldSpec } from '../../../src-shared/contract/analysis.ts'
import type { JsonText } from '../../../src-shared/flow/document.ts'
import { fieldText, type Typed } from './field-text.ts'
import './field.css'

interface FieldProps {
  /** Names it for assistive technology: `trees of Fit forest`. */
  readonly label: string
  readonly field: FieldSpec
  /** The constant, null where there is none. */
  readonly json: string | null
  readonly placeholder: string
  readonly readOnly: boolean
  /** Where the person must give a value. */
  readonly required?: boolean
  readonly read: (typed: string) => Typed
  readonly onChange: (json: JsonText | null) => void
  /** Typing ended, by whatever key. */
  readonly onDone?: () => void
  /** Tab ended it: on to the next field (1) or the one before (-1). Without it Tab does what it always does. */
  readonly onTab?: (by: 1 | -1) => void
  /** In a node on the canvas, which is one stop of the Tab key. */
  readonly inNode?: boolean
  /** Begins as an input, for instance when a command asked for it; give it another `key` to begin later. */
  readonly autoEdit?: boolean
}

export function Field(props: FieldProps): ReactNode {
  const { label, field, json, placeholder, readOnly, required } = props
  if (field.kind === 'bool' && (json === null || json === 'true' || json === 'false')) return <Switch {...props} />
  if (field.kind === 'choice') return <Choice {...props} />
  return (
    <TextField
      {...props}
      key={label}
      shown={json === null ? '' : fieldText(field, json)}
      hint={placeholder}
      locked={readOnly}
      missing={required === true && json === null}
    />
  )
}

interface TextFieldProps extends FieldProps {
  readonly shown: string
  readonly hint: string
  readonly locked: boolean
  readonly missing: boolean
}

function TextField({
  label,
  shown,
  hint,
  locked,
  missing,
  read,
  onChange,
  onDone,
  autoEdit,
  inNode,
  onTab,
}: TextFieldProps): ReactNode {
  const [typed, setTyped] = useState<string | null>(autoEdit && !locked ? shown : null)
  const input = useRef<HTMLInputElement>(null)
  // Leaving the field ends typing once, whether Enter, Escape or the pointer made it leave.
  const open = useRef(typed !== null)
  const editing = typed !== null
  useEffect(() => {
    if (editing) input.current?.select()
  }, [editing])

  const begin = (): void => {
    if (locked) return
    open.current = true
    setTyped(shown)
  }
  const reading = typed === null ? null : read(typed)
  const fault = reading && 'fault' in reading ? reading.fault : null
  const end = (keep: boolean, then = onDone): void => {
    if (!open.current) return
    open.current = false
    setTyped(null)
    if (keep && reading && 'json' in reading && typed !== shown) onChange(reading.json)
    then?.()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation()
    if (event.key === 'Escape') end(false)
    else if (event.key === 'Enter' && fault === null) end(true)
    else if (event.key === 'Tab' && onTab) end(true, () => onTab(event.shiftKey ? -1 : 1))
    else return
    event.preventDefault()
  }

  if (typed === null) {
    return (
      <button
        type="button"
        className={`field-text${missing ? ' field-missing' : ''}${shown === '' ? ' field-empty' : ''}`}
        aria-label={`${label}: ${shown === '' ? hint || 'empty' : shown}`}
        aria-disabled={locked}
        tabIndex={inNode ? -1 : 0}
        onClick={begin}
      >
        {shown === '' ? hint : shown}
      </button>
    )
  }
  const box = (
    <input
      ref={input}
      className="field-input"
      aria-label={label}
      aria-invalid={fault !== null}
      title={fault ?? undefined}
      value={typed}
      placeholder={hint}
      spellCheck={false}
      autoComplete="off"
      // It appears because the person asked to type here.
      // oxlint-disable-next-line jsx-a11y/no-autofocus
      autoFocus
      onChange={(event) => setTyped(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={() => end(true)}
    />
  )
  return (
    <span className="field-box">
      {box}
      {fault === null ? null : (
        <span className="field-fault" role="alert">
          {fault}
        </span>
      )}
    </span>
  )
}

/** Keys that leave a switch or a choice which a command opened. */
const leaving =
  ({ autoEdit, onDone, onTab }: FieldProps) =>
  (event: KeyboardEvent): void => {
    if (!autoEdit) return
    if (event.key === 'Tab' && onTab) onTab(event.shiftKey ? -1 : 1)
    else if (event.key === 'Escape' || event.key === 'Enter') onDone?.()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

/** Takes the focus when a command asked for the field. */
const focusIf = (wanted: boolean | undefined) => (element: HTMLElement | null) => {
  if (wanted === true) element?.focus({ preventScroll: true })
}

function Switch(props: FieldProps): ReactNode {
  const { label, field, json, placeholder, readOnly, onChange, read, inNode } = props
  const shown = json ?? (placeholder === 'True' ? 'true' : 'false')
  const on = shown === 'true'
  const flip = (): void => {
    const typed = read(on ? 'False' : 'True')
    if ('json' in typed) onChange(typed.json)
  }
  return (
    <button
      type="button"
      role="switch"
      ref={focusIf(props.autoEdit)}
      onKeyDown={leaving(props)}
      aria-checked={on}
      aria-label={label}
      className={`field-switch${json === null ? ' field-empty' : ''}`}
      disabled={readOnly}
      tabIndex={inNode ? -1 : 0}
      onClick={flip}
    >
      <span className="field-switch-track">
        <span className="field-switch-knob" />
      </span>
      {fieldText(field, shown)}
    </button>
  )
}

function Choice(props: FieldProps): ReactNode {
  const { label, field, json, placeholder, readOnly, onChange, read, inNode } = props
  const options = field.kind === 'choice' ? field.options : []
  const known = json === null || options.some((option) => option.json === json)
  return (
    <select
      ref={focusIf(props.autoEdit)}
      onKeyDown={leaving(props)}
      className={`field-choice${json === null ? ' field-empty' : ''}`}
      aria-label={label}
      disabled={readOnly}
      tabIndex={inNode ? -1 : 0}
      value={json ?? ''}
      onChange={(event) => {
        const typed = event.target.value === '' ? read('') : read(event.target.value)
        if ('json' in typed) onChange(typed.json)
      }}
    >
      <option value="">{placeholder}</option>
      {known || json === null ? null : <option value={json}>{json}</option>}
      {options.map((option) => (
        <option key={option.json} value={option.json}>
          {option.label}
        </option>
      ))}
    </select>
  )
}
