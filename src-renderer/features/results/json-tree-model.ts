/**
 * A JSON value as the rows of a tree, with only open branches laid out. Numbers keep the text they have in
 * the source: the tree is made from jsonc-parser's nodes, never from JSON.parse.
 */
import { parseTree, type Node } from 'jsonc-parser'

export interface TreeRow {
  /** `$`, `$.items`, `$.items.0`: stable while the value is. */
  readonly path: string
  readonly depth: number
  /** Key or index; null for the root. */
  readonly name: string | null
  /** Source text of a scalar, else `{3}` or `[12]`. */
  readonly text: string
  readonly kind: 'string' | 'number' | 'boolean' | 'null' | 'object' | 'array'
  readonly expandable: boolean
  readonly open: boolean
}

/** Children shown of one branch; the rest is counted in a last row. */
const MOST_CHILDREN = 1000

export interface JsonTree {
  readonly source: string
  readonly root: Node
}

export function readJsonTree(source: string): JsonTree | null {
  const root = parseTree(source)
  return root ? { source, root } : null
}

const childrenOf = (node: Node): { name: string; value: Node }[] => {
  if (node.type === 'array') return (node.children ?? []).map((value, index) => ({ name: String(index), value }))
  return (node.children ?? []).flatMap((property) => {
    const [key, value] = property.children ?? []
    return key && value ? [{ name: String(key.value), value }] : []
  })
}

const kindOf = (node: Node): TreeRow['kind'] => (node.type === 'property' ? 'object' : node.type)

export function treeRows(tree: JsonTree, open: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = []
  // A stack in place of recursion: a value may be nested deeper than the stack is.
  const waiting: { node: Node; path: string; depth: number; name: string | null }[] = [
    { node: tree.root, path: '$', depth: 0, name: null },
  ]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, path, depth, name } = next
    const kind = kindOf(node)
    const expandable = kind === 'object' || kind === 'array'
    const count = node.children?.length ?? 0
    const isOpen = expandable && open.has(path)
    const text = expandable
      ? kind === 'array'
        ? `[${count}]`
        : `{${count}}`
      : tree.source.slice(node.offset, node.offset + node.length)
    rows.push({ path, depth, name, text, kind, expandable: expandable && count > 0, open: isOpen })
    if (!isOpen) continue
    const children = childrenOf(node).slice(0, MOST_CHILDREN)
    for (const child of children.reverse()) {
      waiting.push({ node: child.value, path: `${path}.${child.name}`, depth: depth + 1, name: child.name })
    }
  }
  return rows
}
