/**
 * A second program for the tests: `DIR HOME write` saves one generation after the other until it is
 * killed and tells each on a line; `DIR HOME hold` opens the project, tells what it got, and waits.
 * `DIR HOME readonly` does that as a person without rights.
 */
import path from 'node:path'
import type { Analyser } from './project-analyses.ts'
import { ProjectService } from './project-service.ts'
import { asProjectPath } from './text-file.ts'

const noAnalysis: Analyser = {
  analyse: () => Promise.reject(new Error('no analysis here')),
  overlay: () => undefined,
  forget: () => undefined,
}

const [dir = '', home = '', mode = ''] = process.argv.slice(2)
if (mode === 'readonly') {
  process.setgid?.(65534)
  process.setuid?.(65534)
}
const service = new ProjectService({
  analysis: noAnalysis,
  profileDir: path.join(home, 'profile'),
  examplesDir: path.join(home, 'examples'),
  projectsDir: home,
})
const { projectId, readOnly } = await service.open(dir)
if (mode === 'write') {
  const files = [asProjectPath('flows/main.json'), asProjectPath('flows/main.layout.json')]
  for (let generation = 1; ; generation++) {
    const bases = await Promise.all(files.map((file) => service.read(projectId, file)))
    const filler = 'x'.repeat((generation * 7919) % 200_000)
    const text = JSON.stringify({ format: 1, nodes: {}, edges: [], generation, filler })
    const layout = JSON.stringify({ format: 1, nodes: {}, generation, filler })
    await service.write(projectId, [
      { path: asProjectPath('flows/main.json'), text, base: bases[0]?.revision ?? null },
      { path: asProjectPath('flows/main.layout.json'), text: layout, base: bases[1]?.revision ?? null },
    ])
    process.stdout.write(`${generation}\n`)
  }
}
process.stdout.write(`${JSON.stringify({ readOnly })}\n`)
process.stdin.resume()
process.stdin.on('end', () => void service.stop().then(() => process.exit(0)))
