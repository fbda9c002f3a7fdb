/** How a Python type expression shows on a port: its family gives the colour, a short word the label. */
import type { Preview } from '../contract/run.ts'

export type TypeFamily = Preview['family']

const families: Record<Exclude<TypeFamily, 'object'>, readonly string[]> = {
  table: ['DataFrame', 'Series', 'LazyFrame', 'GeoDataFrame', 'RecordBatch', 'Table'],
  number:
    ('int float complex bool Decimal Fraction Number Real Integral SupportsFloat SupportsInt number floating integer ' +
      'float16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool_').split(' '),
  text: ['str', 'LiteralString', 'AnyStr', 'bytes', 'bytearray', 'Path', 'PurePath', 'PathLike', 'StrPath'],
  array: (
    'list List tuple Tuple set Set frozenset FrozenSet deque Sequence MutableSequence Collection Iterable Iterator ' +
    'Generator AsyncGenerator AsyncIterator AbstractSet range ndarray NDArray ArrayLike Array Tensor csr_matrix spmatrix'
  ).split(' '),
  image: ['Figure', 'Image', 'Axes', 'PngImageFile', 'JpegImageFile'],
}

const familyOfName = new Map<string, TypeFamily>(
  Object.entries(families).flatMap(([family, names]) => names.map((name): [string, TypeFamily] => [name, family as TypeFamily])),
)

const shortNames: Readonly<Record<string, string>> = {
  DataFrame: 'frame',
  GeoDataFrame: 'frame',
  LazyFrame: 'frame',
  Series: 'series',
  ndarray: 'array',
  NDArray: 'array',
  Figure: 'figure',
  Image: 'image',
  Path: 'path',
  Any: 'any',
  Literal: 'choice',
}

interface TypeParts {
  /** Last part of the dotted name: `DataFrame` of `pd.DataFrame`. */
  readonly name: string
  readonly args: readonly string[]
}

/** Splits at `separator` outside brackets and quotes. */
function splitTop(text: string, separator: string): string[] {
  const parts: string[] = []
  let depth = 0
  let quote = ''
  let start = 0
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index)
    if (quote !== '') {
      if (char === '\\') index++
      else if (char === quote) quote = ''
    } else if (char === '"' || char === "'") quote = char
    else if ('[('.includes(char)) depth++
    else if ('])'.includes(char)) depth--
    else if (char === separator && depth === 0) {
      parts.push(text.slice(start, index).trim())
      start = index + 1
    }
  }
  parts.push(text.slice(start).trim())
  return parts
}

function partsOf(text: string): TypeParts {
  const open = text.indexOf('[')
  const dotted = (open < 0 ? text : text.slice(0, open)).trim()
  const args = open < 0 ? [] : splitTop(text.slice(open + 1, text.endsWith(']') ? -1 : undefined), ',')
  return { name: dotted.slice(dotted.lastIndexOf('.') + 1), args }
}

const transparent = new Set(['Annotated', 'Final', 'ClassVar', 'Required', 'NotRequired', 'ReadOnly', 'Awaitable', 'Coroutine'])

/** The members of a union without None, wrappers such as Annotated taken off; and whether None was among them. */
function alternatives(type: string): { types: string[]; nullable: boolean } {
  const types: string[] = []
  let nullable = false
  const waiting = [type]
  // Each turn takes a wrapper off or ends, and the texts only get shorter.
  for (let text = waiting.shift(); text !== undefined; text = waiting.shift()) {
    const trimmed = text.trim()
    const quoted = /^(['"])([^'"]*)\1$/.exec(trimmed)
    const union = splitTop(trimmed, '|')
    const { name, args } = partsOf(trimmed)
    if (quoted) waiting.unshift(quoted[2] ?? '')
    else if (union.length > 1) waiting.unshift(...union)
    else if (name === 'Union') waiting.unshift(...args)
    else if (name === 'Optional') {
      nullable = true
      waiting.unshift(...args)
    } else if (transparent.has(name) && args.length > 0) {
      waiting.unshift((name === 'Coroutine' ? args.at(-1) : args[0]) ?? '')
    } else if (trimmed === 'None') nullable = true
    else if (trimmed !== '') types.push(trimmed)
  }
  return { types, nullable }
}

function familyOfOne(type: string): TypeFamily {
  const { name, args } = partsOf(type)
  if (name !== 'Literal') return familyOfName.get(name) ?? 'object'
  const families = new Set(args.map((arg) => (/^[-\d]|^(True|False)$/.test(arg) ? 'number' : 'text')))
  const [only] = families
  return families.size === 1 && only !== undefined ? only : 'object'
}

/** Of a union the family its members share; `object` where nothing is known. */
export function typeFamily(type: string | null): TypeFamily {
  if (type === null) return 'object'
  const found = new Set(alternatives(type).types.map(familyOfOne))
  const [only] = found
  return found.size === 1 && only !== undefined ? only : 'object'
}

/** One short word for a port: `frame` for pd.DataFrame, `list` for list[int], `int?` where None may come too; '' for no type. */
export function shortType(type: string | null): string {
  if (type === null) return ''
  const { types, nullable } = alternatives(type)
  const words = [...new Set(types.map((one) => shortNames[partsOf(one).name] ?? partsOf(one).name))]
  if (words.length === 0) return nullable ? 'None' : ''
  const joined = words.join(' | ')
  return (joined.length > 14 && words.length > 1 ? 'union' : joined) + (nullable ? '?' : '')
}
