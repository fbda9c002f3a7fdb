/** What a flow's file holds, as far as it can be opened and saved again. */
import type { Problem } from '../../../src-shared/contract/problem.ts'
import type { FlowDocument } from '../../../src-shared/flow/document.ts'
import { parseFlow } from '../../../src-shared/flow/parse-flow.ts'

export type OpenedFlow =
  | { readonly document: FlowDocument; /** Why it may not be saved, or null. */ readonly readOnly: string | null }
  | { readonly document: null; readonly kind: 'damaged' | 'missing'; readonly problems: readonly Problem[] }

/** `text` is null where there is no such file. */
export function openedFlow(text: string | null, path: string): OpenedFlow {
  if (text === null) return { document: null, kind: 'missing', problems: [] }
  const { document, problems, newer, lossy } = parseFlow(text, path)
  if (!document) return { document: null, kind: 'damaged', problems }
  if (newer) return { document, readOnly: 'it was written by a newer Nodeloom. Update Nodeloom to change it.' }
  const readOnly = `saving would lose parts of ${path} that cannot be read. Mend them in an editor first.`
  return { document, readOnly: lossy ? readOnly : null }
}
