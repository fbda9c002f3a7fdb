/** Reads strict JSON and keeps the place and the text of every value. */
import { parseTree, type Node as JsonNode, type ParseError } from 'jsonc-parser'
import { zJsonText, type JsonText } from './document.ts'

export type { JsonNode }

/** Deeper nesting is refused: readers here, in Python and in editors recurse. */
export const MAX_JSON_DEPTH = 200

export interface JsonSource {
  readonly root: JsonNode
  /** The text as it stands in the file. */
  textOf(node: JsonNode): JsonText
  /** 1-based. */
  lineOf(node: JsonNode): number
}

export interface JsonFault {
  readonly reason: 'empty' | 'nul' | 'merge-conflict' | 'too-deep' | 'truncated' | 'syntax'
  /** 1-based; null where no place can be told. */
  readonly line: number | null
}

/** The greatest nesting depth of brackets outside texts; linear and without recursion. */
export function jsonDepth(text: string): number {
  let depth = 0
  let deepest = 0
  let inText = false
  for (let index = 0; index < text.length; index++) {
    const char = text.charCodeAt(index)
    if (inText) {
      if (char === 0x5c) index++
      else if (char === 0x22) inText = false
    } else if (char === 0x22) inText = true
    else if (char === 0x7b || char === 0x5b) deepest = Math.max(deepest, ++depth)
    else if (char === 0x7d || char === 0x5d) depth--
  }
  return deepest
}

function lineIndex(text: string): (offset: number) => number {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let low = 0
    let high = starts.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return low + 1
  }
}

// A JSON text holds no raw line feed, so no valid file has a line that begins like this.
const mergeMarker = /^(?:<{7}|>{7}|={7}|\|{7})/m

/** Reads `text`; a byte order mark is passed over. Never throws. */
export function readJson(text: string): { ok: true; source: JsonSource } | { ok: false; fault: JsonFault } {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text
  const lineAt = lineIndex(body)
  const fail = (reason: JsonFault['reason'], offset: number | null) =>
    ({ ok: false, fault: { reason, line: offset === null ? null : lineAt(offset) } }) as const

  if (body.trim() === '') return fail('empty', null)
  const nul = body.indexOf('\0')
  if (nul >= 0) return fail('nul', nul)
  const marker = mergeMarker.exec(body)
  if (marker) return fail('merge-conflict', marker.index)
  if (jsonDepth(body) > MAX_JSON_DEPTH) return fail('too-deep', null)

  const errors: ParseError[] = []
  const root = parseTree(body, errors, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false })
  const first = errors[0]
  if (first || root === undefined || !isStrict(body)) {
    // What is wrong with a text that was cut off lies at its very end.
    const end = body.trimEnd()
    const cutOff =
      first && (first.offset >= end.length || (first.offset + first.length >= end.length && !end.endsWith('}')))
    return fail(cutOff ? 'truncated' : 'syntax', first?.offset ?? null)
  }
  return {
    ok: true,
    source: {
      root,
      textOf: (node) => zJsonText.parse(body.slice(node.offset, node.offset + node.length)),
      lineOf: (node) => lineAt(node.offset),
    },
  }
}

/** jsonc-parser forgives a little; JSON.parse, which does not recurse, has the last word. */
function isStrict(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

export interface JsonMember {
  readonly key: JsonNode
  readonly name: string
  readonly value: JsonNode
}

/** The members of an object in order, repeated keys included; empty for anything else. */
export function membersOf(node: JsonNode): JsonMember[] {
  if (node.type !== 'object') return []
  const members: JsonMember[] = []
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? []
    if (key && value && typeof key.value === 'string') members.push({ key, name: key.value, value })
  }
  return members
}

/** Every repetition of a key anywhere in the tree, in no particular order. */
export function repeatedKeys(root: JsonNode): JsonMember[] {
  const repeated: JsonMember[] = []
  const waiting = [root]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (node.type === 'object') {
      const seen = new Set<string>()
      for (const member of membersOf(node)) {
        if (seen.has(member.name)) repeated.push(member)
        seen.add(member.name)
        waiting.push(member.value)
      }
    } else for (const child of node.children ?? []) waiting.push(child)
  }
  return repeated
}
