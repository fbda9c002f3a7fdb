import { readdir, readFile, readlink } from 'node:fs/promises'

export interface LeftProcess {
  readonly pid: number
  readonly command: string
}

/** A process belongs to a story when its environment, folder or arguments name the story's own folder. */
const belongs = async (pid: string, root: string): Promise<LeftProcess | undefined> => {
  const read = (name: string): Promise<string> => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')
  const [environ, cmdline, status, cwd] = await Promise.all([
    read('environ'),
    read('cmdline'),
    read('status'),
    readlink(`/proc/${pid}/cwd`).catch(() => ''),
  ])
  if (/^State:\s+[ZX]/m.test(status)) return undefined
  if (![environ, cmdline, cwd].some((text) => text.includes(root))) return undefined
  return { pid: Number(pid), command: cmdline.replaceAll('\0', ' ').trim() }
}

/** Every living process that a story started, directly or not. Linux only; elsewhere the list is empty. */
export const processesOf = async (root: string): Promise<LeftProcess[]> => {
  if (process.platform !== 'linux') return []
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  const found = await Promise.all(pids.map((pid) => belongs(pid, root)))
  return found.filter((left) => left !== undefined)
}

/** Those of the processes that still run; one that has ended and waits for its parent to notice does not. */
export const alive = async (processes: readonly LeftProcess[]): Promise<LeftProcess[]> => {
  const states = await Promise.all(
    processes.map(({ pid }) => readFile(`/proc/${pid}/status`, 'utf8').catch(() => 'State:\tX')),
  )
  return processes.filter((_, index) => !/^State:\s+[ZX]/m.test(states[index] ?? ''))
}

/** Waits until no process of the story is left, and gives what is left after `withinMs`, ended. */
export const endedProcesses = async (root: string, withinMs: number): Promise<LeftProcess[]> => {
  const deadline = Date.now() + withinMs
  let left = await processesOf(root)
  while (left.length > 0 && Date.now() < deadline) {
    await new Promise((next) => setTimeout(next, 50))
    left = await processesOf(root)
  }
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended since it was listed.
    }
  }
  return left
}
