/** What the tests of projects share: temp folders, a service of its own profile, an analyser that needs no Python. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import type { FileAnalysis } from '../../src-shared/contract/analysis.ts'
import type { Event } from '../base/event.ts'
import type { Analyser } from './project-analyses.ts'
import { ProjectService } from './project-service.ts'

export async function tempFolder(): Promise<string> {
  const dir = await realpath(await mkdtemp(path.join(tmpdir(), 'nodeloom-project-')))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

/** Answers the text's length as the number of lines of `main`, so that results differ when texts do. */
export class FakeAnalyser implements Analyser {
  readonly calls: string[] = []
  readonly texts = new Map<string, string | null>()

  analyse(_root: string, file: string): Promise<FileAnalysis> {
    this.calls.push(file)
    return Promise.resolve({
      status: 'ok',
      message: this.texts.get(file) ?? null,
      line: null,
      column: null,
      functions: {},
      stale: false,
      imports: [],
      dependsOn: file === 'nodes/b.py' ? ['nodes/a.py'] : [],
    })
  }

  overlay(_root: string, file: string, text: string | null): void {
    this.texts.set(file, text)
  }

  forget(): void {
    this.texts.clear()
  }
}

export async function projectService(
  analysis: Analyser = new FakeAnalyser(),
): Promise<{ service: ProjectService; home: string }> {
  const home = await tempFolder()
  await mkdir(path.join(home, 'examples'))
  const service = newService(home, analysis)
  return { service, home }
}

/** A further service on the same profile, as a second program would be. */
export function newService(home: string, analysis: Analyser = new FakeAnalyser()): ProjectService {
  const service = new ProjectService({
    analysis,
    profileDir: path.join(home, 'profile'),
    examplesDir: path.join(home, 'examples'),
    projectsDir: path.join(home, 'projects'),
  })
  onTestFinished(() => service.stop())
  return service
}

/** Resolves with the first event that `wanted` accepts. */
export function nextEvent<T>(event: Event<T>, wanted: (value: T) => boolean = () => true): Promise<T> {
  return new Promise((resolve) => {
    const subscription = event((value) => {
      if (!wanted(value)) return
      subscription.dispose()
      resolve(value)
    })
  })
}

/** Writes as another program would: not through the service. */
export async function writeOutside(dir: string, file: string, data: string | Uint8Array): Promise<void> {
  await mkdir(path.dirname(path.join(dir, file)), { recursive: true })
  await writeFile(path.join(dir, file), data)
}
