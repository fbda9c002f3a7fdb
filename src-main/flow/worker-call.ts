/** An executor's call in the form a worker takes. */
import type { Handle } from '../../src-shared/ids.ts'
import type { CallOperation, ValueSource, WorkerCall } from '../python/index.ts'
import { AppError } from '../base/app-error.ts'
import type { ExecutorCall, ExecutorSource } from './executor.ts'

/** Every value the call reads, each once. */
export function handlesOf(call: ExecutorCall): Handle[] {
  const handles = new Set<Handle>()
  const add = (source: ExecutorSource): void => {
    if (source.from === 'value') handles.add(source.handle)
  }
  for (const { value } of call.inputs) {
    if ('collect' in value) value.collect.forEach(add)
    else add(value)
  }
  const { inputData } = call
  if (inputData !== undefined && inputData !== null) {
    if ('bySource' in inputData) for (const { value } of inputData.bySource) add(value)
    else add(inputData)
  }
  return [...handles]
}

export function workerCall(callId: string, call: ExecutorCall, read: (handle: Handle) => ValueSource): WorkerCall {
  const { address, dictKeys, outputsElse } = call
  const outputs = call.outputs.map(({ port, handle }) => ({ port, handle }))
  return { callId, address, operation: operationOf(call, read), outputs, dictKeys, outputsElse }
}

function operationOf(call: ExecutorCall, read: (handle: Handle) => ValueSource): CallOperation {
  const { operation, inputs, inputData } = call
  const source = (value: ExecutorSource): ValueSource => (value.from === 'constant' ? value : read(value.handle))
  if (operation.op === 'value') return operation
  if (operation.op === 'view') {
    const value = inputs[0]?.value
    if (value === undefined || 'collect' in value) {
      throw new AppError('internal', `${call.address} shows one value and was not given one`)
    }
    return { op: 'view', input: source(value) }
  }
  return {
    ...operation,
    inputs: inputs.map(({ port, value }) => ({
      port,
      value: 'collect' in value ? { collect: value.collect.map(source) } : source(value),
    })),
    ...(inputData === undefined
      ? {}
      : {
          inputData:
            inputData === null
              ? null
              : 'bySource' in inputData
                ? { bySource: inputData.bySource.map(({ key, value }) => ({ key, value: source(value) })) }
                : source(inputData),
        }),
  }
}
