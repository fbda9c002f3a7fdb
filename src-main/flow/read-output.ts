/** The kept output of a node: from its log's first byte, then live until the node ends. */
import { open, readFile } from 'node:fs/promises'
import { TextPieces, type NodeOutput, type Segment, type Stream } from './node-output.ts'

const PIECE_BYTES = 64 * 1024

export interface OutputPiece {
  readonly stream: Stream
  readonly text: string
}

/**
 * Reads at the caller's pace; nothing is held for it in memory. `live` is the node's output while it runs,
 * null afterwards. A node without output gives nothing.
 */
export async function* readNodeOutput(path: string, live: NodeOutput | null): AsyncGenerator<OutputPiece, void, void> {
  const texts: Record<Stream, TextPieces> = { stdout: new TextPieces(), stderr: new TextPieces() }
  let position = 0
  for (;;) {
    const change = live?.changed()
    const isEnded = live?.isEnded ?? true
    await live?.flush()
    for await (const { stream, bytes } of readFrom(path, live?.segments ?? (await readSegments(path)), position)) {
      position += bytes.length
      const text = texts[stream].push(bytes)
      if (text !== '') yield { stream, text }
    }
    if (isEnded) break
    await change
  }
  for (const stream of ['stdout', 'stderr'] as const) {
    const text = texts[stream].end()
    if (text !== '') yield { stream, text }
  }
}

/** Of a log whose host died there is no map; everything then counts as stdout. */
async function readSegments(path: string): Promise<Segment[]> {
  const text = await readFile(`${path}.map`, 'utf8').catch(() => null)
  if (text === null) return [{ stream: 'stdout', bytes: Number.MAX_SAFE_INTEGER }]
  return text.split('\n').flatMap((line) => {
    const match = /^(stdout|stderr) (\d+)$/.exec(line)
    return match === null ? [] : [{ stream: match[1] === 'stderr' ? 'stderr' : 'stdout', bytes: Number(match[2]) }]
  })
}

async function* readFrom(
  path: string,
  segments: readonly Segment[],
  from: number,
): AsyncGenerator<{ stream: Stream; bytes: Uint8Array }, void, void> {
  const file = await open(path, 'r').catch(() => null)
  if (file === null) return
  try {
    let start = 0
    for (const { stream, bytes: length } of [...segments]) {
      const end = start + length
      for (let at = Math.max(start, from); at < end;) {
        const buffer = new Uint8Array(Math.min(PIECE_BYTES, end - at))
        const { bytesRead } = await file.read(buffer, 0, buffer.length, at)
        if (bytesRead === 0) return
        yield { stream, bytes: buffer.subarray(0, bytesRead) }
        at += bytesRead
      }
      start = end
    }
  } finally {
    await file.close()
  }
}
