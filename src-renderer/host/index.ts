/** The page's only way to the host. */
import './zod-without-eval.ts'
import { chooseConnect } from './connect.ts'
import { HostConnection } from './host-connection.ts'

export type { ConnectionState, HostConnection } from './host-connection.ts'

export const host = new HostConnection(chooseConnect(), (problem) => console.error(`host: ${problem}`))
