/** The lines of `nodeloom run --json`, checked against the shape that programs rely on. */
import { z } from 'zod'

const zPreview = z.looseObject({ type: z.string(), text: z.string(), json: z.unknown().optional() })

const zNode = z.looseObject({
  status: z.enum(['succeeded', 'reused', 'failed', 'timed_out', 'skipped', 'cancelled']),
  reason: z.string(),
  why: z.string().min(1),
  durationMs: z.number().min(0),
  outputs: z.record(z.string(), zPreview),
  error: z
    .looseObject({
      type: z.string(),
      message: z.string(),
      file: z.string().nullable(),
      line: z.number().nullable(),
      traceback: z.string(),
    })
    .optional(),
})

const zFinished = z.looseObject({
  type: z.literal('run.finished'),
  status: z.enum(['succeeded', 'failed', 'cancelled']),
  openMs: z.number().positive(),
  durationMs: z.number().positive(),
  nodes: z.record(z.string(), zNode),
})

const zRefused = z.strictObject({
  type: z.literal('run.refused'),
  problems: z
    .array(
      z.strictObject({
        code: z.string(),
        message: z.string().min(1),
        file: z.string().nullable(),
        line: z.number().nullable(),
        node: z.string().nullable(),
        port: z.string().nullable(),
      }),
    )
    .min(1),
})

export type RunReport = z.infer<typeof zFinished>
export type NodeReport = z.infer<typeof zNode>

const linesOf = (stdout: string): unknown[] => {
  if (!stdout.endsWith('\n')) throw new Error(`The last line is not ended:\n${stdout.slice(-500)}`)
  return stdout
    .slice(0, -1)
    .split('\n')
    .map((line): unknown => JSON.parse(line))
}

/** Every line is an event; the last one is the whole. */
export const readRun = (stdout: string): RunReport => zFinished.parse(linesOf(stdout).at(-1))

/** Events of one type, in their order. */
export const eventsOf = (stdout: string, type: string): Record<string, unknown>[] =>
  linesOf(stdout)
    .map((line) => z.looseObject({ type: z.string() }).parse(line))
    .filter((line) => line.type === type)

export const readRefusal = (stdout: string): z.infer<typeof zRefused> => zRefused.parse(linesOf(stdout).at(-1))

/** A node of the report; throws where it is none. */
export const nodeOf = (run: RunReport, id: string): NodeReport => {
  const node = run.nodes[id]
  if (node === undefined) throw new Error(`${id} is not in the report: ${Object.keys(run.nodes).join(', ')}.`)
  return node
}

/** What JSON gives of a port's value; undefined where JSON cannot give it back. */
export const jsonOf = (run: RunReport, id: string, port = 'result'): unknown => nodeOf(run, id).outputs[port]?.json
