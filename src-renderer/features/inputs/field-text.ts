/** Between a constant's JSON text and what a person reads and types in its field. */
import { isNodeId } from '../../../src-shared/flow/python-names.ts'
import type { FieldSpec } from '../../../src-shared/contract/analysis.ts'
import { checkConstant, constantFault, toJsonText } from '../../../src-shared/flow/constants.ts'
import { zJsonText, type JsonText } from '../../../src-shared/flow/document.ts'
import type { InputPort } from '../../../src-shared/flow/ports.ts'

/** What typing came to: a constant, taking the constant away, or why it cannot be taken. */
export type Typed = { readonly json: JsonText | null } | { readonly fault: string }

const asText = (value: string): JsonText => zJsonText.parse(JSON.stringify(value))

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** A tag such as {"$secret":"NAME"} is shown and typed as JSON in every field. */
const isTag = (text: string): boolean => /^\{\s*"\$/.test(text)

/** What the field shows for a constant. */
export function fieldText(field: FieldSpec, json: string): string {
  const value = parsed(json)
  if (field.kind === 'choice') return field.options.find((option) => option.json === json)?.label ?? json
  if ((field.kind === 'text' || field.kind === 'path') && typeof value === 'string') return value === '' ? '""' : value
  if (field.kind === 'bool') return value === true ? 'True' : value === false ? 'False' : json
  if (value === null) return 'None'
  return json
}

/** What an empty field hints at: the default, as Python has it. */
export function placeholderOf(port: InputPort): string {
  if (port.defaultText !== null)
    return port.defaultJson === null ? port.defaultText : fieldText(port.field, port.defaultJson)
  return port.optional ? '' : 'required'
}

const floats: Readonly<Record<string, string>> = {
  nan: 'nan',
  inf: 'inf',
  '+inf': 'inf',
  '-inf': '-inf',
  infinity: 'inf',
}

function candidate(field: FieldSpec, text: string): JsonText | null {
  switch (field.kind) {
    case 'text':
      return asText(text === '""' ? '' : text)
    case 'path':
      return asText(text)
    case 'choice': {
      const option = field.options.find(({ label, json }) => label === text || json === text)
      return option ? toJsonText(option.json) : toJsonText(text)
    }
    case 'bool':
      return toJsonText({ true: 'true', false: 'false', 1: 'true', 0: 'false' }[text.toLowerCase()] ?? text)
    case 'float': {
      const name = floats[text.toLowerCase()]
      if (name !== undefined) return zJsonText.parse(`{"$float":"${name}"}`)
      // Python's ways of writing a number that JSON does not have: .5, 5., 1_000, +1
      const plain = text
        .replaceAll('_', '')
        .replace(/^\+/, '')
        .replace(/^(-?)\./, '$10.')
        .replace(/\.(?=$|e)/i, '.0')
      return toJsonText(plain)
    }
    case 'int':
      return toJsonText(text.replaceAll('_', '').replace(/^\+/, ''))
    case 'json':
      return toJsonText(pythonWords(text))
  }
}

/** None, True and False standing alone, as Python people write them. */
const pythonWords = (text: string): string => ({ None: 'null', True: 'true', False: 'false' })[text] ?? text

/** Reads what was typed. Empty means: take the constant away. */
export function readField(port: Pick<InputPort, 'field' | 'nullable'>, typed: string): Typed {
  const { field } = port
  const text = field.kind === 'text' ? typed : typed.trim()
  if (text.trim() === '') return { json: null }
  const isNone = text === 'None' && port.nullable && field.kind !== 'text'
  const json = isNone ? zJsonText.parse('null') : isTag(text) ? toJsonText(text) : candidate(field, text)
  if (json === null) return { fault: wanted(field) }
  const fault = checkConstant(json, port)
  return fault === null ? { json } : { fault: `This does not fit: ${fault}.` }
}

function wanted(field: FieldSpec): string {
  if (field.kind === 'int') return 'Type a whole number.'
  if (field.kind === 'float') return 'Type a number.'
  if (field.kind === 'bool') return 'Type True or False.'
  if (field.kind === 'choice') return `Type one of ${field.options.map((option) => option.label).join(', ')}.`
  return 'Type JSON: texts in double quotes, lists in [ ], objects in { }.'
}

/** Reads what was typed into a value node: JSON, or plain words, which become a text. */
export function readValue(typed: string): Typed {
  const text = typed.trim()
  if (text === '') return { fault: 'A value is needed.' }
  const json = toJsonText(pythonWords(text))
  if (json !== null) {
    const fault = constantFault(json)
    return fault === null ? { json } : { fault: `This does not fit: ${fault}.` }
  }
  return /^[[{"]/.test(text) ? { fault: wanted({ kind: 'json' }) } : { json: asText(text) }
}

/** A node's id as it is typed; `isTaken` knows the flow's other nodes. */
export function readId(typed: string, current: string, isTaken: (id: string) => boolean): Typed {
  const id = typed.trim()
  if (id === current) return { json: asText(id) }
  if (!isNodeId(id)) return { fault: 'Small letters, digits and _, a letter first, no Python keyword.' }
  return isTaken(id) ? { fault: `There is already a node ${id}.` } : { json: asText(id) }
}
