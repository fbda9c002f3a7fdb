/** `nodeloom env [PROJECT] create|recreate|repair|add PKG...|remove PKG...|sync|status`. */
import type { EnvironmentStatus } from '../../src-shared/contract/environment.ts'
import { AppError } from '../base/app-error.ts'
import type { Host } from '../api/host.ts'
import { print, projectPath, withHost, type Command } from './context.ts'

const usage = 'nodeloom env [PROJECT] create|recreate|repair|add PKG...|remove PKG...|sync|status [--json]'

const actions = ['create', 'recreate', 'repair', 'add', 'remove', 'sync', 'status'] as const
type Action = (typeof actions)[number]
const isAction = (text: string | undefined): text is Action => actions.some((action) => action === text)

interface EnvArguments {
  readonly project: string
  readonly action: Action
  readonly packages: readonly string[]
  readonly json: boolean
}

/** A first word that is no action is the project. Package names are checked by the service, not here. */
function parseEnv(args: readonly string[]): EnvArguments {
  const wrong = (message: string): AppError => new AppError('usage', message, { hint: `Usage: ${usage}` })
  const words = args.filter((word) => word !== '--json')
  const [first, second, ...rest] = words
  const named = isAction(first) ? { project: undefined, action: first, packages: words.slice(1) } : null
  const { project, action, packages } = named ?? { project: first, action: second, packages: rest }
  if (!isAction(action)) throw wrong(action === undefined ? 'Say what to do.' : `"${action}" is not something to do.`)
  const takesPackages = action === 'add' || action === 'remove'
  if (takesPackages && packages.length === 0) throw wrong(`Name the packages to ${action}.`)
  if (!takesPackages && packages.length > 0) throw wrong(`${action} takes no packages.`)
  return { project: projectPath(project), action, packages, json: words.length < args.length }
}

function change(
  { environments }: Host,
  dir: string,
  action: Action,
  packages: readonly string[],
): Promise<EnvironmentStatus> {
  switch (action) {
    case 'create':
      return environments.create(dir)
    case 'recreate':
      return environments.recreate(dir)
    case 'repair':
      return environments.repair(dir)
    case 'sync':
      return environments.sync(dir)
    case 'status':
      return environments.status(dir)
    case 'add':
      return environments.add(dir, packages)
    case 'remove':
      return environments.remove(dir, packages)
  }
}

function printStatus(status: EnvironmentStatus): void {
  print(`${status.state}: ${status.message}`)
  if (status.hint !== undefined) print(`  Next: ${status.hint}`)
  if (status.missing.length > 0) print(`Not installed: ${status.missing.join(', ')}`)
  for (const { name, version } of status.installed) print(`  ${name} ${version}`)
}

export const envCommand: Command = {
  usage,
  summary: 'Make, mend, fill or show the environment of a project.',
  async run(args) {
    const { project, action, packages, json } = parseEnv(args)
    return withHost(async (host) => {
      await host.projects.projectFile(project)
      const logging = action === 'status' ? null : host.environments.onDidLog(({ text }) => process.stderr.write(text))
      try {
        const status = await change(host, project, action, packages)
        if (json) print(JSON.stringify(status))
        else printStatus(status)
        return status.state === 'broken' || status.state === 'failed' ? 2 : 0
      } finally {
        logging?.dispose()
      }
    })
  },
}
