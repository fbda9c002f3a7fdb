/** Changes of the environment; each shows its error and leaves the old state as it was. */
import type { EnvironmentStatus } from '../../../src-shared/contract/environment.ts'
import { host } from '../../host/index.ts'
import { asWireError } from '../../lib/wire-error.ts'
import { showError } from '../../ui/toasts.tsx'
import { openProjectNow } from '../project/index.ts'
import { setEnvironment } from './environment-store.ts'

type Operation = 'environment.create' | 'environment.recreate' | 'environment.sync'

async function change(request: () => Promise<EnvironmentStatus>): Promise<boolean> {
  try {
    setEnvironment(await request())
    return true
  } catch (thrown) {
    const error = asWireError(thrown)
    if (error.code !== 'cancelled') showError(error)
    return false
  }
}

/** Says whether it was done. */
export async function runOperation(operation: Operation): Promise<boolean> {
  const project = openProjectNow()
  if (project === null) return false
  return change(async () => host.request(operation, { projectId: project.projectId }))
}

export async function addPackages(packages: string[]): Promise<boolean> {
  const project = openProjectNow()
  if (project === null) return false
  return change(async () => host.request('environment.add', { projectId: project.projectId, packages }))
}

export async function removePackage(name: string): Promise<boolean> {
  const project = openProjectNow()
  if (project === null) return false
  return change(async () => host.request('environment.remove', { projectId: project.projectId, packages: [name] }))
}

export async function cancelOperation(): Promise<void> {
  const project = openProjectNow()
  if (project === null) return
  await host
    .request('environment.cancel', { projectId: project.projectId })
    .catch((thrown: unknown) => showError(asWireError(thrown)))
}
