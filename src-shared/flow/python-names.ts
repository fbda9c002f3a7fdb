/** Names that Python and the flow file both accept: node ids and the files of code nodes. */
import { zNodeId, type NodeId, type ProjectPath } from '../ids.ts'
import { zProjectPath } from '../ids.ts'

/** Python's hard keywords (3.8–3.14), which are no identifiers. */
export const pythonKeywords: ReadonlySet<string> = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from ' +
    'global if import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
)

const MAX_ID_LENGTH = 64

export const isNodeId = (text: string): text is NodeId => zNodeId.safeParse(text).success && !pythonKeywords.has(text)

/** Lower-case ASCII words joined by `_`; `fallback` where nothing usable is left. */
function slug(title: string, fallback: string): string {
  const words = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
  return (words === '' ? fallback : words).slice(0, MAX_ID_LENGTH).replace(/_+$/, '')
}

/** `base`, or `base_2`, `base_3` … : the first that is free and no keyword, cut to 64 characters. */
function firstFree(base: string, isFree: (name: string) => boolean): string {
  if (isFree(base) && !pythonKeywords.has(base)) return base
  for (let number = 2; ; number++) {
    const suffix = `_${number}`
    const name = base.slice(0, MAX_ID_LENGTH - suffix.length) + suffix
    if (isFree(name)) return name
  }
}

/** A valid id made from a title, not among `taken`: `Clean table` → `clean_table`, then `clean_table_2`. */
export function nodeIdFrom(title: string, taken: ReadonlySet<string>): NodeId {
  return zNodeId.parse(firstFree(slug(title, 'node'), (name) => !taken.has(name)))
}

/** Names that Windows keeps for devices: a file `nodes/con.py` cannot be made there. */
const reservedFileNames = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])$/

/**
 * The file of a new code node, importable as `nodes.NAME` and not among `taken`: `nodes/clean_table.py`.
 * `taken` holds project paths and is compared without case, as some file systems do.
 */
export function moduleFileFrom(title: string, taken: ReadonlySet<string>): ProjectPath {
  const lower = new Set([...taken].map((path) => path.toLowerCase()))
  const isFree = (name: string): boolean => !lower.has(`nodes/${name}.py`) && !reservedFileNames.test(name)
  return zProjectPath.parse(`nodes/${firstFree(slug(title, 'node'), isFree)}.py`)
}
