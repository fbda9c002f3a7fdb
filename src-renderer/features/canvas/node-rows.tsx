/** The rows of a node: inputs at the left, outputs at the right, fields where no wire comes in. */
import type { ReactNode } from 'react'
import type { FlowNode } from '../../../src-shared/flow/document.ts'
import { own } from '../../../src-shared/flow/own.ts'
import type { InputPort } from '../../../src-shared/flow/ports.ts'
import { changeInput, changeValue } from '../document/index.ts'
import { Field, placeholderOf, readField, readValue } from '../inputs/index.ts'
import { useCanvas, useCanvasState, useFlowState } from './canvas-context.ts'
import type { NodeRow, NodeShape, RowInput, RowPort, Side } from './geometry.ts'

interface NodeRowsProps {
  readonly id: string
  readonly node: FlowNode
  readonly shape: NodeShape
  readonly title: string
}

export function NodeRows({ id, node, shape, title }: NodeRowsProps): ReactNode {
  return shape.rows.map((row) => (
    <Row key={`${row.input?.name} ${row.output?.name}`} id={id} node={node} row={row} title={title} />
  ))
}

function Row({ id, node, row, title }: Omit<NodeRowsProps, 'shape'> & { readonly row: NodeRow }): ReactNode {
  const { input, output } = row
  const open = useCanvasState((state) => state.connecting?.side)
  return (
    <div className={`node-row${input?.ghost || output?.ghost ? ' node-row-ghost' : ''}`}>
      {input ? <Port id={id} side="input" port={input} open={open === 'output'} title={title} /> : null}
      {input ? (
        <span
          className="node-row-name"
          title={input.port?.type ?? (input.ghost ? `There is no input ${input.name} any more.` : undefined)}
        >
          {input.name}
        </span>
      ) : null}
      {input && !input.field && !output ? <em className="node-row-type node-row-alone">{input.type}</em> : null}
      {input?.field ? <RowField id={id} node={node} input={input} title={title} /> : null}
      {node.kind === 'value' && output?.name === 'result' ? <ValueField id={id} node={node} title={title} /> : null}
      {output && !(node.kind === 'value' && output.name === 'result') ? (
        <span className="node-row-out" title={output.ghost ? `There is no output ${output.name} any more.` : undefined}>
          {output.name}
          {output.type === '' ? null : <em className="node-row-type">{output.type}</em>}
        </span>
      ) : null}
      {output ? <Port id={id} side="output" port={output} open={open === 'input'} title={title} /> : null}
    </div>
  )
}

interface PortProps {
  readonly id: string
  readonly side: Side
  readonly port: RowPort
  /** A wire is being drawn that this side may take. */
  readonly open: boolean
  readonly title: string
}

function Port({ id, side, port, open, title }: PortProps): ReactNode {
  const target = useCanvasState(
    (state) =>
      state.looseEnd?.target?.node === id &&
      state.looseEnd.target.port === port.name &&
      state.connecting?.side !== side,
  )
  const classes = ['port', `port-${side}`, `family-${port.family}`]
  if (port.wired) classes.push('port-wired')
  if (port.ghost) classes.push('port-ghost')
  if (open) classes.push('port-open')
  if (target) classes.push('port-target')
  const type = port.type === '' ? '' : `, ${port.type}`
  return (
    <span
      className={classes.join(' ')}
      data-port={port.name}
      data-side={side}
      role="img"
      aria-label={`${side === 'input' ? 'Input' : 'Output'} ${port.name} of ${title}${type}${port.wired ? ', connected' : ''}`}
    />
  )
}

const anyJson = { field: { kind: 'json' }, nullable: true } as const

function RowField({
  id,
  node,
  input,
  title,
}: {
  readonly id: string
  readonly node: FlowNode
  readonly input: RowInput
  readonly title: string
}): ReactNode {
  const { controller } = useCanvas()
  const { session } = controller
  const readOnly = useFlowState((state) => state.readOnly !== null)
  const edit = useCanvasState(
    ({ editing }) => editing?.node === id && typeof editing.what === 'object' && editing.what.input === input.name,
  )
  const port: InputPort | null = input.port
  return (
    <span className="node-row-field">
      <Field
        key={edit ? 'edit' : 'text'}
        inNode
        label={`${input.name} of ${title}`}
        field={port?.field ?? anyJson.field}
        json={own(node.inputs, input.name) ?? null}
        placeholder={port ? placeholderOf(port) : ''}
        readOnly={readOnly}
        required={port !== null && !port.optional}
        autoEdit={edit}
        read={(typed) => readField(port ?? anyJson, typed)}
        onChange={(json) => void changeInput(session, id, input.name, json)}
        onDone={() => controller.endEditing()}
        onTab={(by) => controller.editNextInput(id, input.name, by)}
      />
    </span>
  )
}

function ValueField({
  id,
  node,
  title,
}: {
  readonly id: string
  readonly node: FlowNode
  readonly title: string
}): ReactNode {
  const { controller } = useCanvas()
  const { session } = controller
  const readOnly = useFlowState((state) => state.readOnly !== null)
  const edit = useCanvasState(({ editing }) => editing?.node === id && editing.what === 'value')
  return (
    <span className="node-row-field node-row-value">
      <Field
        key={edit ? 'edit' : 'text'}
        inNode
        label={`Value of ${title}`}
        field={anyJson.field}
        json={node.value ?? null}
        placeholder="null"
        readOnly={readOnly}
        autoEdit={edit}
        read={readValue}
        onChange={(json) => void (json !== null && changeValue(session, id, json))}
        onDone={() => controller.endEditing()}
      />
    </span>
  )
}
