/** What the services need from whatever shows them to a person; each shell implements it. */
export interface Shell {
  readonly kind: 'desktop' | 'web' | 'cli'
  /** The system's folder dialog; null when it was closed. Absent where there is none. */
  pickFolder?(title: string): Promise<string | null>
  /** Opens an https or mailto link outside. Rejects with AppError `unsupported` for anything else. */
  openExternal(url: string): Promise<void>
  /** Moves an absolute path to the system's trash. Absent where there is none. */
  trash?(path: string): Promise<void>
}

/** True for the links that may leave the app: https and mailto. */
export function isExternalLink(url: string): boolean {
  try {
    const { protocol } = new URL(url)
    return protocol === 'https:' || protocol === 'mailto:'
  } catch {
    return false
  }
}
