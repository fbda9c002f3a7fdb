/** The side panel's section for the selected node: its title and every input, wired or filled in. */
import type { ReactNode } from 'react'
import { own } from '../../../src-shared/flow/own.ts'
import { shortType } from '../../../src-shared/flow/type-label.ts'
import { printEdgeEnd } from '../../../src-shared/flow/edge-end.ts'
import {
  changeInput,
  changeValue,
  nodeOf,
  renameId,
  renameTitle,
  titleOf,
  useFlow,
  useFlowSession,
  type FlowSession,
} from '../document/index.ts'
import { Field } from './field.tsx'
import { placeholderOf, readField, readId, readValue } from './field-text.ts'
import './inputs-panel.css'

export function InputsPanel(): ReactNode {
  const session = useFlowSession()
  return session ? <Selected session={session} /> : null
}

function Selected({ session }: { readonly session: FlowSession }): ReactNode {
  const selected = useFlow(session, (state) => (state.selection.size === 1 ? ([...state.selection][0] ?? null) : null))
  const count = useFlow(session, (state) => state.selection.size)
  if (selected !== null) return <NodeInputs key={selected} session={session} id={selected} />
  return (
    <section className="inputs-panel" aria-label="Inputs">
      <h2 className="inputs-title">Inputs</h2>
      <p className="inputs-none">{count > 1 ? `${count} nodes are selected.` : 'Select a node to see its inputs.'}</p>
    </section>
  )
}

function NodeInputs({ session, id }: { readonly session: FlowSession; readonly id: string }): ReactNode {
  const node = useFlow(session, (state) => nodeOf(state.document, id))
  const ports = useFlow(session, () => session.portsOf(id))
  const edges = useFlow(session, (state) => state.document.edges)
  const document = useFlow(session, (state) => state.document)
  const readOnly = useFlow(session, (state) => state.readOnly !== null || state.damaged !== null)
  if (!node || !ports) return null
  const title = titleOf(id, node)
  const sources = (port: string): string[] =>
    edges
      .filter((edge) => edge.to.node === id && edge.to.port === port)
      .map(({ from }) => {
        const name = titleOf(from.node, nodeOf(document, from.node))
        return from.port === null || from.port === 'result' ? name : `${name}.${from.port}`
      })
  return (
    <section className="inputs-panel" aria-label={`Inputs of ${title}`}>
      <h2 className="inputs-title">
        Inputs <span>· {title}</span>
      </h2>
      <div className="inputs-row">
        <span className="inputs-name">title</span>
        <Field
          label="Title"
          field={{ kind: 'text' }}
          json={JSON.stringify(title)}
          placeholder={id}
          readOnly={readOnly}
          read={(typed) => readField({ field: { kind: 'text' }, nullable: false }, typed)}
          onChange={(json) => void renameTitle(session, id, json === null ? '' : String(JSON.parse(json)))}
        />
      </div>
      <div className="inputs-row">
        <span className="inputs-name" title="How wires, logs and the command line name this node">
          id
        </span>
        <Field
          label={`Id of ${title}`}
          field={{ kind: 'text' }}
          json={JSON.stringify(id)}
          placeholder={id}
          readOnly={readOnly}
          read={(typed) => readId(typed, id, (other) => nodeOf(document, other) !== undefined)}
          onChange={(json) => void (json !== null && renameId(session, id, String(JSON.parse(json))))}
        />
      </div>
      {node.kind === 'value' ? (
        <div className="inputs-row">
          <span className="inputs-name">value</span>
          <Field
            label={`Value of ${title}`}
            field={{ kind: 'json' }}
            json={node.value ?? null}
            placeholder="null"
            readOnly={readOnly}
            read={readValue}
            onChange={(json) => void (json !== null && changeValue(session, id, json))}
          />
        </div>
      ) : null}
      {ports.inputs.map((port) => {
        const from = sources(port.name)
        return (
          <div className="inputs-row" key={port.name}>
            <span className="inputs-name" title={port.type ?? undefined}>
              {port.name}
              <em>{shortType(port.type)}</em>
            </span>
            {from.length > 0 ? (
              <span className="inputs-from" title={from.join(', ')}>
                from {from.join(', ')}
              </span>
            ) : (
              <Field
                label={`${port.name} of ${title}`}
                field={port.field}
                json={own(node.inputs, port.name) ?? null}
                placeholder={placeholderOf(port)}
                readOnly={readOnly}
                required={!port.optional}
                read={(typed) => readField(port, typed)}
                onChange={(json) => void changeInput(session, id, port.name, json)}
                onDone={() => session.endGroup()}
              />
            )}
          </div>
        )
      })}
      {ports.inputs.length === 0 && node.kind !== 'value' ? (
        <p className="inputs-none">This node has no inputs.</p>
      ) : null}
      {Object.keys(node.inputs ?? {})
        .filter((name) => ports.known && !ports.inputs.some((port) => port.name === name))
        .map((name) => (
          <div className="inputs-row inputs-gone" key={name}>
            <span className="inputs-name">{name}</span>
            <span className="inputs-from">{printEdgeEnd({ node: id, port: name })} is gone</span>
            <button type="button" className="inputs-clear" onClick={() => void changeInput(session, id, name, null)}>
              Remove
            </button>
          </div>
        ))}
    </section>
  )
}
