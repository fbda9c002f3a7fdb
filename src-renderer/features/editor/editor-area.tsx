/** The code beside the canvas: tabs, the editor, and what a person has to decide about a file. */
import { FileCode2, FileText } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Tabs, tabId, tabPanelId } from '../../ui/tabs.tsx'
import { loadEditor, loadedEditor } from './editor-actions.ts'
import { useEditor, type OpenFile } from './editor-store.ts'
import './editor.css'

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

export function EditorArea({ lens }: { readonly lens: string | null }): ReactNode {
  const { files, active, refused } = useEditor()
  const file = files.find((one) => one.path === active)
  return (
    <section className="editor" aria-label="Code">
      {files.length > 0 ? (
        <Tabs
          label="Open files"
          items={files.map((one) => ({
            id: one.path,
            label: nameOf(one.path),
            hint: one.readOnly === null ? one.path : `${one.path} · ${one.readOnly}`,
            italic: one.preview,
            icon: one.path.endsWith('.py') ? <FileCode2 /> : <FileText />,
            badge: <FileMark file={one} />,
            onClose: () => loadedEditor()?.close(one.path),
          }))}
          active={active}
          onSelect={(path) => loadedEditor()?.activate(path)}
        />
      ) : null}
      {refused === null ? null : (
        <p className="editor-note" role="alert">
          {refused.path}: {refused.message} {refused.hint ?? ''}
        </p>
      )}
      {file === undefined ? null : <FileNotes file={file} />}
      {lens === null || file === undefined ? null : <div className="editor-lens">{lens}</div>}
      <div
        className="editor-body"
        {...(active === null ? {} : { role: 'tabpanel', id: tabPanelId(active), 'aria-labelledby': tabId(active) })}
      >
        {files.length === 0 ? <Empty>Select a node to see its code here.</Empty> : <EditorSurface />}
      </div>
    </section>
  )
}

const FileMark = ({ file }: { readonly file: OpenFile }): ReactNode => {
  if (file.state.conflict !== null)
    return (
      <span className="editor-mark-error" aria-label="conflict">
        ⚠
      </span>
    )
  if (file.state.error !== null)
    return (
      <span className="editor-mark-error" aria-label="not saved">
        !
      </span>
    )
  return file.state.changed ? (
    <span className="editor-mark" aria-label="not saved yet">
      ●
    </span>
  ) : null
}

/** Read-only, a save that failed, a conflict with both texts: each with its sentence and its buttons. */
function FileNotes({ file }: { readonly file: OpenFile }): ReactNode {
  const { conflict, error } = file.state
  if (conflict !== null) return <ConflictNote file={file} theirs={conflict.text} />
  if (error !== null) {
    return (
      <p className="editor-note" role="alert">
        {error.message} {error.hint ?? ''} Your text is kept here.
        <Button onClick={() => void loadedEditor()?.saveAll()}>Save again</Button>
      </p>
    )
  }
  return file.readOnly === null ? null : <p className="editor-note">{file.readOnly}</p>
}

function ConflictNote({ file, theirs }: { readonly file: OpenFile; readonly theirs: string | null }): ReactNode {
  const [compare, setCompare] = useState(false)
  const decide = (keep: 'mine' | 'theirs') => (): void => void loadedEditor()?.resolve(file.path, keep)
  return (
    <div className="editor-conflict" role="alert" aria-label="Conflict">
      <p>
        {theirs === null
          ? `Another program deleted ${file.path} while you changed it. Your text is kept here.`
          : `Another program changed ${file.path} while you changed it. Both texts are kept until you choose.`}
      </p>
      <div className="editor-conflict-buttons">
        <Button onClick={decide('mine')}>Keep mine</Button>
        <Button onClick={decide('theirs')}>{theirs === null ? 'Close the file' : 'Take theirs'}</Button>
        {theirs === null ? null : (
          <Button look="quiet" aria-expanded={compare} onClick={() => setCompare(!compare)}>
            {compare ? 'Hide both texts' : 'Show both texts'}
          </Button>
        )}
      </div>
      {compare && theirs !== null ? (
        <div className="editor-compare">
          <figure>
            <figcaption>Yours</figcaption>
            <pre tabIndex={0}>{loadedEditor()?.textOf(file.path)}</pre>
          </figure>
          <figure>
            <figcaption>On disk</figcaption>
            <pre tabIndex={0}>{theirs}</pre>
          </figure>
        </div>
      ) : null}
    </div>
  )
}

function EditorSurface(): ReactNode {
  const element = useRef<HTMLDivElement>(null)
  const [ready, setReady] = useState(false)
  useEffect(() => {
    let mounted: { dispose(): void } | null = null
    let gone = false
    void loadEditor().then((editor) => {
      if (gone || element.current === null) return
      mounted = editor.mount(element.current)
      setReady(true)
    })
    return () => {
      gone = true
      mounted?.dispose()
    }
  }, [])
  return (
    <>
      {ready ? null : <Empty>Loading the editor …</Empty>}
      <div ref={element} className="editor-surface" />
    </>
  )
}
