/** How a Python type expression shows on a port: its family gives the colour, a short word the label. */
import type { Preview } from '../contract/run.ts'
import { typeAlternatives, typeParts } from './type-text.ts'

export type TypeFamily = Preview['family']

const families: Record<Exclude<TypeFamily, 'object'>, readonly string[]> = {
  table: ['DataFrame', 'Series', 'LazyFrame', 'GeoDataFrame', 'RecordBatch', 'Table'],
  number: (
    'int float complex bool Decimal Fraction Number Real Integral SupportsFloat SupportsInt number floating integer ' +
    'float16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool_'
  ).split(' '),
  text: ['str', 'LiteralString', 'AnyStr', 'bytes', 'bytearray', 'Path', 'PurePath', 'PathLike', 'StrPath'],
  array: (
    'list List tuple Tuple set Set frozenset FrozenSet deque Sequence MutableSequence Collection Iterable Iterator ' +
    'Generator AsyncGenerator AsyncIterator AbstractSet range ndarray NDArray ArrayLike Array Tensor csr_matrix spmatrix'
  ).split(' '),
  image: ['Figure', 'Image', 'Axes', 'PngImageFile', 'JpegImageFile'],
}

const familyOfName = new Map<string, TypeFamily>(
  typedEntries(families).flatMap(([family, names]) => names.map((name): [string, TypeFamily] => [name, family])),
)

function typedEntries<K extends string, V>(record: Record<K, V>): [K, V][] {
  // Object.entries forgets the type of the keys; the table above has no others.
  return Object.entries(record) as [K, V][]
}

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

function familyOfOne(type: string): TypeFamily {
  const { name, args } = typeParts(type)
  if (name !== 'Literal') return familyOfName.get(name) ?? 'object'
  const found = new Set(args.map((arg) => (/^[-\d]|^(True|False)$/.test(arg) ? 'number' : 'text')))
  const [only] = found
  return found.size === 1 && only !== undefined ? only : 'object'
}

/** Of a union the family its members share; `object` where nothing is known. */
export function typeFamily(type: string | null): TypeFamily {
  if (type === null) return 'object'
  const found = new Set(typeAlternatives(type).types.map(familyOfOne))
  const [only] = found
  return found.size === 1 && only !== undefined ? only : 'object'
}

/** One short word for a port: `frame` for pd.DataFrame, `list` for list[int], `int?` where None may come too; '' for no type. */
export function shortType(type: string | null): string {
  if (type === null) return ''
  const { types, nullable } = typeAlternatives(type)
  const words = [...new Set(types.map((one) => shortNames[typeParts(one).name] ?? typeParts(one).name))]
  if (words.length === 0) return nullable ? 'None' : ''
  const joined = words.join(' | ')
  return (joined.length > 14 && words.length > 1 ? 'union' : joined) + (nullable ? '?' : '')
}
