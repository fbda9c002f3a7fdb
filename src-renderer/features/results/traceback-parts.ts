/** A traceback as text with links: frames of the project's own files can be gone to. */

export interface TracebackPart {
  readonly text: string
  /** Set where the part names a place inside the project; `file` is relative to it. */
  readonly place: { readonly file: string; readonly line: number } | null
}

/** Null for files elsewhere, and for packages of the environment inside the folder. */
function inProject(file: string, root: string | null): string | null {
  const path = file.replaceAll('\\', '/')
  const folder = root === null ? null : `${root.replaceAll('\\', '/').replace(/\/$/, '')}/`
  const absolute = path.startsWith('/') || /^[A-Za-z]:/.test(path)
  if (path.startsWith('<') || (absolute && (folder === null || !path.startsWith(folder)))) return null
  const relative = absolute && folder !== null ? path.slice(folder.length) : path
  return relative.startsWith('.') ? null : relative
}

/** Cuts a traceback at its `File "…", line N` places; those in the project are shown by their relative path. */
export function tracebackParts(traceback: string, root: string | null): TracebackPart[] {
  const parts: TracebackPart[] = []
  let end = 0
  for (const match of traceback.matchAll(/File "([^"]+)", line (\d+)/g)) {
    const [whole, file = '', line = '1'] = match
    const own = inProject(file, root)
    if (own === null) continue
    parts.push({ text: traceback.slice(end, match.index), place: null })
    parts.push({ text: `File "${own}", line ${line}`, place: { file: own, line: Number(line) } })
    end = match.index + whole.length
  }
  parts.push({ text: traceback.slice(end), place: null })
  return parts.filter((part) => part.text !== '')
}
