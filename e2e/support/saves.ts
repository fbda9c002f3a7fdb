/** Reading and saving files of a project over rpc. */
import type { FileWrite } from '../../src-shared/contract/project.ts'
import type { HostContract } from '../../src-shared/contract/host-contract.ts'
import type { ProjectId, ProjectPath } from '../../src-shared/ids.ts'
import type { RpcClient } from '../../src-shared/rpc/client.ts'

type Host = RpcClient<HostContract>

// A story may send what no page would send, to see it refused; so the path is not parsed here.
const unchecked = (path: string): ProjectPath => path as ProjectPath

/** Opens and trusts a project. */
export const projectIdOf = async (client: Host, path: string): Promise<ProjectId> => {
  const { projectId } = await client.request('project.open', { path })
  await client.request('project.trust', { projectId })
  return projectId
}

/** The files by path; undefined for one that is not there. */
export const readText = async (client: Host, projectId: ProjectId, paths: readonly string[]) =>
  Object.fromEntries(
    await Promise.all(
      paths.map(async (path) => {
        const file = await client.request('file.read', { projectId, path: unchecked(path) }).catch((error: unknown) => {
          if (error instanceof Error && 'code' in error && error.code === 'not_found') return undefined
          throw error
        })
        return [path, file] as const
      }),
    ),
  )

/** One save of several files; answers their new revisions by path. */
export const saveAll = async (
  client: Host,
  projectId: ProjectId,
  files: Readonly<Record<string, string>>,
  bases: Readonly<Record<string, string | null>>,
): Promise<Record<string, string | null>> => {
  const writes: FileWrite[] = Object.entries(files).map(([path, text]) => ({
    path: unchecked(path),
    text,
    base: bases[path] ?? null,
  }))
  return (await client.request('file.write', { projectId, writes })).revisions
}
