/** The Python source of a constant as the annotation of its input converts it (design §3, "Constants"). */
import type { FieldSpec } from '../contract/analysis.ts'
import { constantToPython, pythonText, readTag, toPythonSource } from './constants.ts'
import type { JsonText } from './document.ts'
import { membersOf, readJson, type JsonNode } from './json-source.ts'
import { typeAlternatives, typeParts } from './type-text.ts'

export interface ConversionTarget {
  /** Source text of the annotation. */
  readonly type: string | null
  readonly field: FieldSpec
  /** The module that the annotation is written in, as the script names it: `nodes.clean`. */
  readonly module: string
}

/** What the script calls its own folder, which paths are relative to. */
export const PROJECT_FOLDER = 'PROJECT'

/** The constant as source; `use` is told every module that the source needs imported, and PROJECT_FOLDER. */
export function convertedConstant(json: JsonText, target: ConversionTarget, use: (module: string) => void): string {
  const read = readJson(json)
  if (!read.ok) return constantToPython(json)
  const { source } = read
  const context: Context = { target, use, textOf: (node) => source.textOf(node) }
  return (target.type === null ? null : byType(source.root, target.type, context)) ?? plain(source.root, context)
}

interface Context {
  readonly target: ConversionTarget
  readonly use: (module: string) => void
  readonly textOf: (node: JsonNode) => string
}

function plain(node: JsonNode, context: Context): string {
  return toPythonSource(node, { textOf: context.textOf, onEnvironment: () => context.use('os') })
}

/**
 * Of a union the first member that fits; null where none does. A text from the environment may also be read
 * as a number or a truth value, where no member takes text. Recursion is bounded by the value's depth.
 */
function byType(node: JsonNode, type: string, context: Context): string | null {
  const { types, nullable } = typeAlternatives(type)
  if (node.type === 'null') return nullable ? 'None' : null
  for (const one of types) {
    const text = byOneType(node, one, context)
    if (text !== null) return text
  }
  const environment = node.type === 'object' ? textSource(node, context) : null
  if (environment === null) return null
  for (const { name } of types.map(typeParts)) {
    if (name === 'int' || name === 'float') return `${name}(${environment})`
    if (name === 'bool') return `(${environment} == "true")`
  }
  return null
}

const arrayTypes = new Set(['list', 'List', 'Sequence', 'MutableSequence', 'Collection', 'Iterable'])
const tupleTypes = new Set(['tuple', 'Tuple'])
const setTypes = new Set(['set', 'Set', 'frozenset', 'FrozenSet', 'AbstractSet'])
const objectTypes = new Set(['dict', 'Dict', 'Mapping', 'MutableMapping'])

function byOneType(node: JsonNode, type: string, context: Context): string | null {
  const { name, args } = typeParts(type)
  if (arrayTypes.has(name) || tupleTypes.has(name) || setTypes.has(name)) return arrayByType(node, name, args, context)
  if (objectTypes.has(name)) {
    if (node.type !== 'object' || readTag(node) !== null) return null
    const valueType = args[1]
    const members = membersOf(node).map(
      ({ name: key, value }) => `${pythonText(key)}: ${item(value, valueType, context)}`,
    )
    return `{${members.join(', ')}}`
  }
  const text = textSource(node, context)
  switch (name) {
    case 'float':
      if (node.type === 'object') return isFloatTag(node) ? plain(node, context) : null
      if (node.type !== 'number') return null
      return /^-?\d+$/.test(context.textOf(node)) ? `${context.textOf(node)}.0` : context.textOf(node)
    case 'int':
      return node.type === 'number' && /^-?\d+$/.test(context.textOf(node)) ? context.textOf(node) : null
    case 'bool':
      return node.type === 'boolean' ? plain(node, context) : null
    case 'str':
      return text
    case 'Path':
    case 'PathLike':
      if (text === null) return null
      context.use(PROJECT_FOLDER)
      return `${PROJECT_FOLDER} / ${text}`
    case 'PurePath':
      if (text === null) return null
      context.use(PROJECT_FOLDER)
      return called('pathlib', 'pathlib.PurePath', `${PROJECT_FOLDER}, ${text}`, context)
    case 'bytes':
      return text === null ? null : called('base64', 'base64.b64decode', text, context)
    case 'bytearray':
      return text === null ? null : `bytearray(${called('base64', 'base64.b64decode', text, context)})`
    case 'time':
    case 'datetime':
    case 'date':
      return text === null ? null : called('datetime', `datetime.${name}.fromisoformat`, text, context)
    case 'Literal':
      return node.type === 'array' || node.type === 'object' ? null : plain(node, context)
    case 'Any':
    case 'object':
      return plain(node, context)
    default:
      return enumMember(node, type, context)
  }
}

function arrayByType(node: JsonNode, name: string, args: readonly string[], context: Context): string | null {
  if (node.type !== 'array') return null
  const children = node.children ?? []
  const fixed = tupleTypes.has(name) && args.length > 0 && args[1] !== '...'
  if (fixed && children.length !== (args[0] === '()' ? 0 : args.length)) return null
  const items = children.map((child, index) => item(child, fixed ? args[index] : args[0], context))
  if (tupleTypes.has(name)) return `(${items.join(', ')}${items.length === 1 ? ',' : ''})`
  if (!setTypes.has(name)) return `[${items.join(', ')}]`
  if (name === 'frozenset' || name === 'FrozenSet') return `frozenset([${items.join(', ')}])`
  return items.length === 0 ? 'set()' : `{${items.join(', ')}}`
}

const item = (node: JsonNode, type: string | undefined, context: Context): string =>
  (type === undefined ? null : byType(node, type, context)) ?? plain(node, context)

/** The source of a text, also one that is only known when the script runs; null for any other value. */
function textSource(node: JsonNode, context: Context): string | null {
  if (node.type === 'string') return plain(node, context)
  if (node.type !== 'object') return null
  const tag = readTag(node)
  return tag !== null && 'tag' in tag && (tag.tag === '$env' || tag.tag === '$secret') ? plain(node, context) : null
}

function isFloatTag(node: JsonNode): boolean {
  const tag = readTag(node)
  return tag !== null && 'tag' in tag && tag.tag === '$float'
}

function called(module: string, callable: string, argument: string, context: Context): string {
  context.use(module)
  return `${callable}(${argument})`
}

/** An Enum is known by the member names that its field offers. */
function enumMember(node: JsonNode, type: string, context: Context): string | null {
  const { field, module } = context.target
  if (node.type !== 'string' || field.kind !== 'choice' || !/^[\w.]+$/.test(type)) return null
  const json = JSON.stringify(node.value)
  if (!field.options.some((option) => option.json === json)) return null
  return `${module}.${type}[${pythonText(String(node.value))}]`
}
