/**
 * Takes the fields of a flow or layout file out of its JSON tree. What cannot be used is reported and,
 * where it has a place, kept as raw text in `extra`, so that a save does not lose it.
 */
import type { z } from 'zod'
import type { Problem, ProblemCode } from '../contract/problem.ts'
import type { JsonText } from './document.ts'
import { membersOf, readJson, repeatedKeys, type JsonFault, type JsonNode, type JsonSource } from './json-source.ts'

export type Members = ReadonlyMap<string, { readonly key: JsonNode; readonly value: JsonNode }>

export interface Place {
  readonly node?: string | null
  readonly port?: string | null
  readonly edge?: { readonly from: string; readonly to: string } | null
  readonly hint?: string
  readonly severity?: Problem['severity']
}

/** A key that JavaScript would take for the object's prototype. */
const UNUSABLE_KEY = '__proto__'

export class DocumentReader {
  readonly file: string
  readonly source: JsonSource
  readonly problems: Problem[] = []
  /** True when something of the file has no place in the document: a save would lose it. */
  lossy = false

  constructor(file: string, source: JsonSource) {
    this.file = file
    this.source = source
  }

  report(code: ProblemCode, message: string, at: JsonNode | null, place: Place = {}): void {
    this.problems.push({
      code,
      severity: place.severity ?? 'error',
      message,
      ...(place.hint === undefined ? {} : { hint: place.hint }),
      file: this.file,
      line: at === null ? null : this.source.lineOf(at),
      node: place.node ?? null,
      port: place.port ?? null,
      edge: place.edge ?? null,
    })
  }

  /** Members by name; of a repeated key the last stands, as in every JSON reader. */
  members(node: JsonNode): Members {
    const members = new Map<string, { key: JsonNode; value: JsonNode }>()
    for (const { key, name, value } of membersOf(node)) {
      if (name === UNUSABLE_KEY) {
        this.report('invalid-field', `A field may not be named ${UNUSABLE_KEY}.`, key, { hint: 'Remove or rename it.' })
        this.lossy = true
        continue
      }
      if (members.has(name)) this.lossy = true
      members.set(name, { key, value })
    }
    return members
  }

  reportRepeatedKeys(): void {
    for (const { key, name } of repeatedKeys(this.source.root)) {
      this.report('duplicate-key', `The key "${name}" stands twice in one object of ${this.file}.`, key, {
        node: owningNode(key),
        hint: 'Keep one of the two; until then only the last counts and the file is not saved over.',
      })
    }
  }

  /**
   * The fields of one object: those of `schema` that can be read, and the rest as raw text in `extra`.
   * `where` names the object in messages.
   */
  fields<T extends z.ZodRawShape>(
    members: Members,
    schema: T,
    raw: ReadonlySet<string>,
    where: string,
    place: Place,
  ): { known: Record<string, unknown>; extra: Record<string, JsonText> } {
    const known: Record<string, unknown> = {}
    const extra: Record<string, JsonText> = {}
    for (const [name, { key, value }] of members) {
      const field = Object.hasOwn(schema, name) ? schema[name] : undefined
      if (raw.has(name)) known[name] = this.source.textOf(value)
      else if (field === undefined || name === 'extra') extra[name] = this.source.textOf(value)
      else {
        // The shape's values are typed as zod's core interface; every one of ours is a full zod type.
        const parsed = (field as z.ZodType).safeParse(JSON.parse(this.source.textOf(value)))
        if (parsed.success) known[name] = parsed.data
        else {
          extra[name] = this.source.textOf(value)
          const reason = parsed.error.issues[0]?.message ?? 'Invalid value'
          this.report('invalid-field', `The field "${name}" of ${where} cannot be used: ${lowerFirst(reason)}.`, key, {
            ...place,
            hint: 'It is kept as it is and ignored; correct or remove it.',
          })
        }
      }
    }
    return { known, extra }
  }
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

/** The id of the flow node that a place in the tree belongs to, or null. */
function owningNode(at: JsonNode): string | null {
  const keys: unknown[] = []
  for (let node: JsonNode | undefined = at.parent; node; node = node.parent) {
    if (node.type === 'property') keys.unshift(node.children?.[0]?.value)
  }
  return keys[0] === 'nodes' && typeof keys[1] === 'string' ? keys[1] : null
}

const faultSentences: Record<JsonFault['reason'], (file: string) => string> = {
  empty: (file) => `${file} is empty.`,
  nul: (file) => `${file} contains NUL bytes; a fault of the disk or of a program has damaged it.`,
  'merge-conflict': (file) => `${file} contains the markers of an unresolved merge.`,
  'too-deep': (file) => `${file} is nested deeper than 200 levels.`,
  truncated: (file) => `${file} ends in the middle: it is not complete.`,
  syntax: (file) => `${file} is not valid JSON.`,
}

/** Opens a file's text, or says in one problem with `code` why nothing of it can be read. */
export function openDocument(
  text: string,
  file: string,
  code: 'flow-damaged' | 'layout-damaged',
): { ok: true; reader: DocumentReader } | { ok: false; problems: Problem[] } {
  const read = readJson(text)
  if (read.ok) return { ok: true, reader: new DocumentReader(file, read.source) }
  const { reason, line } = read.fault
  const conflict = reason === 'merge-conflict'
  const problem: Problem = {
    code: conflict ? 'merge-conflict' : code,
    severity: code === 'layout-damaged' ? 'warning' : 'error',
    message: faultSentences[reason](file),
    hint: conflict
      ? 'Resolve the merge in an editor. The file is not changed until it can be read.'
      : 'Mend it in an editor or restore its last good copy. The file is not changed until it can be read.',
    file,
    line,
    node: null,
    port: null,
    edge: null,
  }
  return { ok: false, problems: [problem] }
}
