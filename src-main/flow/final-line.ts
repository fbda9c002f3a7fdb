/**
 * Run events as lines of `run --json`. A preview's `json` is JSON text; it goes into the line as it is,
 * not as a string, so that 3.0 stays 3.0.
 */
import type { NodeResult, Preview, RunEvent } from '../../src-shared/contract/run.ts'
import type { Problem } from '../../src-shared/contract/problem.ts'

/** The last line stays under this many bytes. */
export const MAX_FINAL_BYTES = 8 * 1024 * 1024
/** What a text is cut to where even a line without any `json` is too long. */
const CUT_TEXT_CHARS = 100

/** One line, without its line feed. */
export function eventLine(event: RunEvent): string {
  if (event.type === 'run.finished') return finalLine(event)
  if (event.type === 'node.finished') {
    const { type, seq, node, atMs, result } = event
    return `${open({ type, seq, node, atMs })},"result":${resultText(result)}}`
  }
  const { type, seq, ...rest } = event
  return JSON.stringify({ type, seq, ...rest })
}

/** `run.finished` under 8 MB: the largest `json` go first, marked `jsonOmitted`; then texts are cut. */
export function finalLine(event: Extract<RunEvent, { type: 'run.finished' }>): string {
  const whole = lineOf(event)
  if (Buffer.byteLength(whole) < MAX_FINAL_BYTES) return whole
  const slim = lineOf({ ...event, nodes: withoutLargest(event.nodes, Buffer.byteLength(whole) - MAX_FINAL_BYTES + 1) })
  if (Buffer.byteLength(slim) < MAX_FINAL_BYTES) return slim
  return lineOf({ ...event, nodes: mapPreviews(event.nodes, cutTexts) })
}

/** The only line of a run that did not start. */
export function refusedLine(problems: readonly Problem[]): string {
  const listed = problems.map(({ code, message, file, line, node, port }) => ({
    code,
    message,
    file,
    line,
    node,
    port,
  }))
  return JSON.stringify({ type: 'run.refused', problems: listed })
}

function lineOf({ type, seq, status, openMs, durationMs, nodes }: Extract<RunEvent, { type: 'run.finished' }>): string {
  const results = Object.entries(nodes).map(([node, result]) => `${JSON.stringify(node)}:${resultText(result)}`)
  return `${open({ type, status, openMs, durationMs, seq })},"nodes":{${results.join(',')}}}`
}

/** A JSON object that is not closed yet; it has at least one field. */
const open = (fields: Readonly<Record<string, unknown>>): string => JSON.stringify(fields).slice(0, -1)

function resultText({ outputs, error, ...rest }: NodeResult): string {
  const previews = Object.entries(outputs).map(([port, preview]) => `${JSON.stringify(port)}:${previewText(preview)}`)
  const failed = error === undefined ? '' : `,"error":${JSON.stringify(error)}`
  return `${open(rest)},"outputs":{${previews.join(',')}}${failed}}`
}

function previewText({ type, text, json, ...rest }: Preview): string {
  const value = json === undefined ? '' : `,"json":${json.replaceAll(/[\r\n]/g, ' ')}`
  const others = Object.keys(rest).length === 0 ? '}' : `,${JSON.stringify(rest).slice(1)}`
  return `${open({ type, text })}${value}${others}`
}

type Nodes = Record<string, NodeResult>

function mapPreviews(nodes: Nodes, change: (preview: Preview) => Preview): Nodes {
  return Object.fromEntries(
    Object.entries(nodes).map(([node, result]) => [
      node,
      {
        ...result,
        outputs: Object.fromEntries(Object.entries(result.outputs).map(([port, preview]) => [port, change(preview)])),
      },
    ]),
  )
}

function withoutLargest(nodes: Nodes, bytesOver: number): Nodes {
  const sized = Object.values(nodes)
    .flatMap((result) => Object.values(result.outputs))
    .flatMap((preview) => (preview.json === undefined ? [] : [{ preview, bytes: Buffer.byteLength(preview.json) }]))
    .sort((a, b) => b.bytes - a.bytes)
  const omitted = new Set<Preview>()
  // The mark takes a few bytes more than the field's name that it replaces.
  const markBytes = 12
  let left = bytesOver
  for (const { preview, bytes } of sized) {
    if (left <= 0) break
    omitted.add(preview)
    left -= bytes - markBytes
  }
  return mapPreviews(nodes, (preview) => (omitted.has(preview) ? withoutJson(preview) : preview))
}

function withoutJson({ json, ...rest }: Preview): Preview {
  return json === undefined ? rest : { ...rest, jsonOmitted: true }
}

const cutTexts = (preview: Preview): Preview => ({
  ...withoutJson(preview),
  text: preview.text.slice(0, CUT_TEXT_CHARS),
})
