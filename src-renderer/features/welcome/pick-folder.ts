/** The system's folder dialog. Null: it was closed, or there is none (`unavailable`). */
import { host } from '../../host/index.ts'
import { asWireError } from '../../lib/wire-error.ts'
import { showError } from '../../ui/toasts.tsx'

export async function pickFolder(title: string): Promise<string | null> {
  try {
    return (await host.request('app.pickFolder', { title })).path
  } catch (thrown) {
    showError(asWireError(thrown))
    return null
  }
}
