/** What the flow document needs of the host: the page's client fits, and so does a test's fake. */
import type { EventName, EventPayload } from '../../../src-shared/contract/events.ts'
import type { MethodName, MethodParams, MethodResult } from '../../../src-shared/contract/methods.ts'

export interface FlowHost {
  request<M extends MethodName>(method: M, params: MethodParams<M>): Promise<MethodResult<M>>
  onEvent<E extends EventName>(name: E, listener: (payload: EventPayload<E>) => void): { dispose(): void }
}
