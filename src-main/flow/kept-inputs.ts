/** The kept values that a plan reads (`--only`), their content checked. */
import type { KeptValue } from './executor.ts'
import type { KeptFlow } from './kept-values.ts'
import { eachSource, type Plan } from './plan.ts'

export interface KeptInput {
  /** Where it comes from. */
  readonly node: string
  readonly port: string
  /** The input that reads it first. */
  readonly reader: { readonly node: string; readonly port: string }
  /** Null where it is gone, or is not what this installation wrote. */
  readonly value: KeptValue | null
}

export async function loadKeptInputs(plan: Plan, kept: KeptFlow): Promise<KeptInput[]> {
  const wanted = new Map<string, Omit<KeptInput, 'value'>>()
  for (const node of plan.nodes) {
    for (const { port, sources } of node.inputs) {
      for (const source of sources) add(source, { node: node.address, port })
    }
    eachSource(node, (source) => add(source, { node: node.address, port: 'input_data' }))
  }
  function add(source: Parameters<Parameters<typeof eachSource>[1]>[0], reader: KeptInput['reader']): void {
    if (source.from !== 'kept') return
    const name = `${source.node}.${source.port}`
    if (!wanted.has(name)) wanted.set(name, { node: source.node, port: source.port, reader })
  }
  const inputs: KeptInput[] = []
  for (const input of wanted.values()) inputs.push({ ...input, value: await kept.load(input.node, input.port) })
  return inputs
}
