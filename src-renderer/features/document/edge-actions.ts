/** What people do to wires and inputs. Each is one undo element. */
import { checkConnection, type ConnectionCheck } from '../../../src-shared/flow/connection.ts'
import type { EdgeEnd, FlowEdge, JsonText } from '../../../src-shared/flow/document.ts'
import { clearInput, connect, disconnect, setInput, setNodeField } from '../../../src-shared/flow/edit.ts'
import { edgeKey, printEdgeEnd } from '../../../src-shared/flow/edge-end.ts'
import type { FlowSession } from './flow-session.ts'

/** Whether a wire may be drawn; `moved` is the wire it comes from, which counts as gone. */
export function mayConnect(
  session: FlowSession,
  from: EdgeEnd,
  to: EdgeEnd,
  moved: FlowEdge | null = null,
): ConnectionCheck {
  const { document } = session.state
  const without = moved ? { ...document, edges: document.edges.filter((edge) => edge !== moved) } : document
  return checkConnection(without, session.portsOf, from, to)
}

/** Draws a wire, in the place of `moved` where a wire was re-routed. Says why not where it cannot be. */
export function drawWire(session: FlowSession, from: EdgeEnd, to: EdgeEnd, moved: FlowEdge | null = null): boolean {
  const check = mayConnect(session, from, to, moved)
  if (!check.ok) {
    session.say(check.reason, 'refused')
    return false
  }
  const done = session.apply(`Connect ${printEdgeEnd(from)} to ${printEdgeEnd(to)}`, (state) => {
    const start = moved
      ? disconnect(state, [moved])
      : ({ ok: true, document: state.document, layout: state.layout } as const)
    return start.ok ? connect(start, from, to, check) : start
  })
  if (done) session.say(`Connected ${printEdgeEnd(from)} to ${printEdgeEnd(to)}.`)
  return done
}

export function removeWires(session: FlowSession, edges: readonly FlowEdge[]): boolean {
  const [only] = edges
  if (!only) return false
  const what = edges.length === 1 ? `${printEdgeEnd(only.from)} to ${printEdgeEnd(only.to)}` : `${edges.length} wires`
  const done = session.apply(`Disconnect ${what}`, (state) => disconnect(state, edges))
  if (done) session.say(`Disconnected ${what}.`)
  return done
}

export const selectedWires = (session: FlowSession): FlowEdge[] => {
  const { document, selectedEdges } = session.state
  return selectedEdges.size === 0 ? [] : document.edges.filter((edge) => selectedEdges.has(edgeKey(edge)))
}

/** Sets the constant of an input; null takes it away, so that the default counts. */
export function changeInput(session: FlowSession, node: string, port: string, json: JsonText | null): boolean {
  const label = json === null ? `Clear ${node}.${port}` : `Set ${node}.${port}`
  return session.apply(
    label,
    (state) => (json === null ? clearInput(state, node, port) : setInput(state, node, port, json)),
    { group: `input ${node}.${port}` },
  )
}

/** The constant of a value node. */
export const changeValue = (session: FlowSession, node: string, json: JsonText): boolean =>
  session.apply(`Set ${node}`, (state) => setNodeField(state, node, 'value', json), { group: `value ${node}` })

/** The Markdown of a note. */
export const changeNoteText = (session: FlowSession, node: string, text: string): boolean =>
  session.apply('Edit note', (state) => setNodeField(state, node, 'text', text), { group: `note ${node}` })
