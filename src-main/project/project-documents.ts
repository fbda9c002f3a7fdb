/** The flows and layouts of a project as they are on disk now, parsed once per change. */
import type { Problem } from '../../src-shared/contract/problem.ts'
import { parseFlow, type ParsedFlow } from '../../src-shared/flow/parse-flow.ts'
import { parseLayout } from '../../src-shared/flow/parse-layout.ts'
import { leavesProject } from '../../src-shared/flow/problems.ts'
import { resolveInside } from '../base/resolve-inside.ts'
import { decodeText, isFlowFile, isLayoutFile, readFileOnDisk } from './text-file.ts'

export interface FlowOnDisk {
  readonly file: string
  readonly revision: string
  /** Null: not text. */
  readonly parsed: ParsedFlow | null
}

export class ProjectDocuments {
  readonly #projectDir: string
  readonly #flows = new Map<string, FlowOnDisk>()
  readonly #layoutProblems = new Map<string, readonly Problem[]>()

  constructor(projectDir: string) {
    this.#projectDir = projectDir
  }

  /** By file. */
  get flows(): ReadonlyMap<string, FlowOnDisk> {
    return this.#flows
  }

  get layoutProblems(): readonly Problem[] {
    return [...this.#layoutProblems.values()].flat()
  }

  /** Files of code that nodes name, inside the project. */
  get codeFiles(): string[] {
    const nodes = [...this.#flows.values()].flatMap((flow) => Object.values(flow.parsed?.document?.nodes ?? {}))
    return nodes.flatMap((node) =>
      node.kind === 'code' && node.file !== undefined && !leavesProject(node.file) ? [node.file] : [],
    )
  }

  /**
   * Reads one anew. Null: it is no flow or layout, or is gone. `good`: a text that a save may go over
   * without loss.
   */
  async read(file: string): Promise<{ revision: string; good: string | null } | null> {
    const isFlow = isFlowFile(file)
    if (!isFlow && !isLayoutFile(file)) return null
    const onDisk = await resolveInside(this.#projectDir, file)
      .then((absolute) => readFileOnDisk(absolute, file))
      .catch(() => null)
    if (onDisk === null) {
      this.#flows.delete(file)
      this.#layoutProblems.delete(file)
      return null
    }
    const text = decodeText(onDisk.bytes)
    const parsed = isFlow ? (text === null ? null : parseFlow(text, file)) : parseLayout(text ?? '', file)
    if (isFlow) {
      // The parser of flows gave it: `isFlow` says so.
      this.#flows.set(file, { file, revision: onDisk.revision, parsed: parsed as ParsedFlow | null })
    } else this.#layoutProblems.set(file, parsed?.problems ?? [])
    const isGood = parsed !== null && parsed.document !== null && !parsed.lossy && !parsed.newer
    return { revision: onDisk.revision, good: isGood ? text : null }
  }
}
