/** What a call gets, once it is known which of its sources brought a value. */
import type { ExecutorInput, ExecutorInputData, ExecutorSource } from './executor.ts'
import type { PlanInputData, PlanNode, PlanSource } from './plan.ts'

export type CallInputs =
  | { readonly ok: true; readonly inputs: ExecutorInput[]; readonly inputData: ExecutorInputData | undefined }
  /** A needed value is missing: the node is not taken either. */
  | { readonly ok: false; readonly notTaken: PlanSource }

/**
 * A value that was not taken gives way to the parameter's default, is left out when collecting, and
 * otherwise keeps the node from running. `valueOf` answers null for it.
 */
export function callInputs(node: PlanNode, valueOf: (source: PlanSource) => ExecutorSource | null): CallInputs {
  const inputs: ExecutorInput[] = []
  for (const { port, collects, optional, sources } of node.inputs) {
    const values = sources.map(valueOf).filter((value) => value !== null)
    if (collects) {
      inputs.push({ port, value: { collect: values } })
      continue
    }
    const [value] = values
    if (value !== undefined) inputs.push({ port, value })
    else if (!optional && sources[0] !== undefined) return { ok: false, notTaken: sources[0] }
  }
  const inputData = node.inputData === null ? undefined : inputDataOf(node.inputData, valueOf)
  const first = node.inputData?.sources[0]?.source
  if (inputData === 'not_taken' && first !== undefined) return { ok: false, notTaken: first }
  return { ok: true, inputs, inputData: inputData === 'not_taken' ? null : inputData }
}

/** Nothing comes: None. Of several, those that came; when none of them did, the node is not taken. */
function inputDataOf(
  planned: PlanInputData,
  valueOf: (source: PlanSource) => ExecutorSource | null,
): ExecutorInputData | 'not_taken' {
  const values = planned.sources.flatMap(({ key, source }) => {
    const value = valueOf(source)
    return value === null ? [] : [{ key, value }]
  })
  if (planned.sources.length > 0 && values.length === 0) return 'not_taken'
  if (planned.several) return { bySource: values }
  return values[0]?.value ?? null
}
