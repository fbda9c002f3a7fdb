/* oxlint-disable jsx-a11y/no-noninteractive-tabindex -- nodes take the focus in turn, as role application has it */
/** One node on the canvas. Everything in it has the size that geometry.ts says. */
import { memo, type ReactNode } from 'react'
import type { NodeProps } from '@xyflow/react'
import { analysisOf, nodeOf, renameTitle, titleOf, useNodeProblem, useNodeStatus } from '../document/index.ts'
import { useCanvas, useCanvasState, useFlowState } from './canvas-context.ts'
import { InPlaceText } from './in-place-text.tsx'
import { KindIcon, StateIcon } from './node-icon.tsx'
import { NodeRows } from './node-rows.tsx'
import { NoteBox } from './note-box.tsx'
import { footWords, headWords, nodeProblem, spokenName } from './status-words.ts'
import { ViewBody } from './view-body.tsx'

export const NodeBox = memo(({ id }: Pick<NodeProps, 'id'>): ReactNode => {
  const { controller } = useCanvas()
  const node = useFlowState((state) => nodeOf(state.document, id))
  const analysis = useFlowState((state) => (node ? analysisOf(state, node) : undefined))
  const shape = useFlowState(() => controller.model.shape(id))
  const selected = useFlowState((state) => state.selection.has(id))
  const focused = useFlowState((state) => state.focus === id)
  const barred = useCanvasState((state) => state.connecting?.barred.has(id) === true)
  const editing = useCanvasState((state) => state.editing?.node === id && state.editing.what === 'title')
  const run = useNodeStatus(id)
  const refused = useNodeProblem(id)
  if (!node || !shape) return null

  const title = titleOf(id, node)
  const problem = nodeProblem(node, analysis) ?? refused
  const head = headWords(node, run, problem)
  const name = spokenName(title, node, head)
  const classes = ['node', `node-${head.tone}`]
  if (selected) classes.push('node-selected')
  if (barred) classes.push('node-barred')
  if (node.kind === 'note') {
    return (
      <article
        className={`node node-note${selected ? ' node-selected' : ''}`}
        data-node={id}
        role="group"
        aria-label={name}
        tabIndex={focused ? 0 : -1}
      >
        <NoteBox id={id} text={node.text ?? ''} />
        <span className="node-resize" data-resize="" aria-hidden />
      </article>
    )
  }
  const titleById = (other: string): string => titleOf(other, nodeOf(controller.session.state.document, other))
  const foot = shape.foot ? footWords(node, analysis, run, problem, titleById) : null
  const fraction = run?.status === 'running' ? (run.progress?.fraction ?? null) : null
  const family = shape.rows.find((row) => row.output !== null)?.output?.family
  return (
    <article
      className={classes.join(' ')}
      data-node={id}
      data-status={run?.status ?? 'idle'}
      role="group"
      aria-roledescription="node"
      aria-label={name}
      aria-current={selected ? 'true' : undefined}
      tabIndex={focused ? 0 : -1}
    >
      <header className="node-head">
        <span className={`node-kind${family ? ` family-${family}` : ''}`}>
          <KindIcon kind={node.kind} family={family} />
        </span>
        {editing ? (
          <InPlaceText
            label={`Title of ${title}`}
            text={title}
            onEnd={(text) => {
              if (text !== null) renameTitle(controller.session, id, text)
              controller.endEditing()
            }}
          />
        ) : (
          <span className="node-title" title={title} data-title="">
            {title}
          </span>
        )}
        <span className="node-state">
          <StateIcon tone={head.tone} />
          {head.text}
        </span>
      </header>
      <NodeRows id={id} node={node} shape={shape} title={title} />
      {node.kind === 'view' ? <ViewBody run={run} height={shape.body} /> : null}
      {node.kind === 'view' ? <span className="node-resize" data-resize="" aria-hidden /> : null}
      {foot ? (
        <footer className={`node-foot node-foot-${foot.tone}`} title={foot.text}>
          {run?.status === 'running' ? (
            <span className="node-bar">
              <span
                className={fraction === null ? 'node-bar-any' : undefined}
                style={fraction === null ? undefined : { width: `${fraction * 100}%` }}
              />
            </span>
          ) : null}
          {foot.text}
        </footer>
      ) : null}
    </article>
  )
})
NodeBox.displayName = 'NodeBox'
