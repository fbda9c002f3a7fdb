/** Constants: the JSON text a person gave an input, with the tags that say what JSON cannot (design §3). */
import type { JsonText } from './document.ts'
import { zJsonText } from './document.ts'
import { jsonDepth, MAX_JSON_DEPTH, membersOf, readJson, type JsonNode } from './json-source.ts'
import type { InputPort } from './ports.ts'

export const constantTags = ['$secret', '$env', '$float', '$json'] as const
export type ConstantTag = (typeof constantTags)[number]

const floatNames: readonly unknown[] = ['nan', 'inf', '-inf']

/** A tagged object, null for an object without a `$` key, or why its `$` key is no tag. */
export type TagReading = { readonly tag: ConstantTag; readonly value: JsonNode } | { readonly reason: string } | null

export function readTag(node: JsonNode): TagReading {
  const members = membersOf(node)
  const tagged = members.find((member) => member.name.startsWith('$'))
  if (!tagged) return null
  const tag = constantTags.find((known) => known === tagged.name)
  if (tag === undefined) {
    return { reason: `"${tagged.name}" is no known tag; write {"$json": …} around an object that has such a key` }
  }
  if (members.length > 1) return { reason: `"${tag}" must be the only key of its object` }
  const { value } = tagged
  if (tag === '$json') {
    return value.type === 'object' ? { tag, value } : { reason: '"$json" must hold an object' }
  }
  if (tag === '$float') {
    return floatNames.includes(value.value) ? { tag, value } : { reason: '"$float" must be "nan", "inf" or "-inf"' }
  }
  if (typeof value.value === 'string' && value.value !== '') return { tag, value }
  return { reason: `"${tag}" must hold a name` }
}

/** What is wrong with the tags inside a value, or null. What `$json` holds is taken literally. */
function tagFault(root: JsonNode): string | null {
  const waiting = [root]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (node.type === 'array') for (const child of node.children ?? []) waiting.push(child)
    if (node.type !== 'object') continue
    const tag = readTag(node)
    if (tag === null) for (const member of membersOf(node)) waiting.push(member.value)
    else if ('reason' in tag) return tag.reason
  }
  return null
}

/**
 * Why `json` cannot be given at all, whatever the input: it is no JSON, or has an unknown tag. Null when
 * it can. The sentence has no subject: "… is no known tag".
 */
export function constantFault(json: string): string | null {
  const read = readJson(json)
  return read.ok ? tagFault(read.source.root) : 'it is not valid JSON'
}

/** Why `json` does not fit the input, or null when it does. An input edited as JSON takes anything. */
export function checkConstant(json: JsonText, port: Pick<InputPort, 'field' | 'nullable'>): string | null {
  const read = readJson(json)
  if (!read.ok) return 'it is not valid JSON'
  const { root } = read.source
  const fault = tagFault(root)
  if (fault !== null) return fault
  if (root.type === 'null') return port.nullable || port.field.kind === 'json' ? null : 'it may not be null'
  const tag = readTag(root)
  if (tag !== null && 'tag' in tag) {
    // A secret or a variable is a text that is not known here.
    if (tag.tag === '$secret' || tag.tag === '$env') return null
    if (tag.tag === '$float' && port.field.kind === 'float') return null
  }
  switch (port.field.kind) {
    case 'json':
      return null
    case 'text':
      return root.type === 'string' ? null : 'it must be a text'
    case 'path':
      return root.type === 'string' ? null : 'it must be a path'
    case 'bool':
      return root.type === 'boolean' ? null : 'it must be true or false'
    case 'float':
      return root.type === 'number' ? null : 'it must be a number'
    case 'int':
      return root.type === 'number' && /^-?\d+$/.test(json.trim()) ? null : 'it must be a whole number'
    case 'choice': {
      const wanted = JSON.stringify(JSON.parse(json))
      const { options } = port.field
      if (options.some((option) => JSON.stringify(JSON.parse(option.json)) === wanted)) return null
      return `it must be one of ${options.map((option) => option.label).join(', ')}`
    }
  }
}

/** The JSON text of a value made in the program; numbers that JSON cannot write become `$float`. */
export function jsonTextOf(value: unknown): JsonText {
  const text = JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item !== 'number' || Number.isFinite(item)) return item
    return { $float: Number.isNaN(item) ? 'nan' : item > 0 ? 'inf' : '-inf' }
  })
  return zJsonText.parse(text ?? 'null')
}

/** What a person typed, as a constant's text, or null when it is not JSON. */
export function toJsonText(text: string): JsonText | null {
  const trimmed = text.trim()
  if (trimmed === '' || jsonDepth(trimmed) > MAX_JSON_DEPTH || !readJson(trimmed).ok) return null
  return zJsonText.parse(trimmed)
}

/** A Python text literal with double quotes. JSON's escapes mean the same in Python. */
export const pythonText = (text: string): string => JSON.stringify(text)

/** The source text of the Python value that a constant stands for; numbers keep their text. */
export function constantToPython(json: JsonText): string {
  const read = readJson(json)
  if (!read.ok) throw new TypeError(`not JSON: ${json}`)
  const { source } = read
  return toPythonSource(source.root, { textOf: (node) => source.textOf(node) })
}

export interface PythonSourceOptions {
  textOf(node: JsonNode): string
  /** Called when the source reads `os.environ`. */
  onEnvironment?(): void
}

/** The source of a value as it is, without conversion. Recursion is bounded by MAX_JSON_DEPTH. */
export function toPythonSource(node: JsonNode, options: PythonSourceOptions, literally = false): string {
  switch (node.type) {
    case 'null':
      return 'None'
    case 'boolean':
      return node.value === true ? 'True' : 'False'
    case 'string':
      return pythonText(String(node.value))
    case 'number':
      return options.textOf(node)
    case 'array':
      return `[${(node.children ?? []).map((child) => toPythonSource(child, options, literally)).join(', ')}]`
    default: {
      const tag = literally ? null : readTag(node)
      if (tag !== null && 'tag' in tag) {
        if (tag.tag === '$json') return toPythonSource(tag.value, options, true)
        const name = pythonText(String(tag.value.value))
        if (tag.tag === '$float') return `float(${name})`
        options.onEnvironment?.()
        return `os.environ[${name}]`
      }
      const members = membersOf(node).map(
        ({ name, value }) => `${pythonText(name)}: ${toPythonSource(value, options, literally)}`,
      )
      return `{${members.join(', ')}}`
    }
  }
}
