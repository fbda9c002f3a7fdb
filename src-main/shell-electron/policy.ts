/** What a window may do: pure decisions, used by every window (windows.ts). */
export const APP_SCHEME = 'app'
export const APP_HOST = 'nodeloom'
export const PAGE_URL = `${APP_SCHEME}://${APP_HOST}/index.html`

/** True for the page's own files, whatever the query or the fragment. */
export function isOwnUrl(url: string): boolean {
  try {
    const { protocol, host, username, password } = new URL(url)
    return protocol === `${APP_SCHEME}:` && host === APP_HOST && username === '' && password === ''
  } catch {
    return false
  }
}

/** The page is one document: it may be loaded again, and go nowhere else. */
export function isAllowedNavigation(url: string): boolean {
  if (!isOwnUrl(url)) return false
  const { pathname } = new URL(url)
  return pathname === '/index.html' || pathname === '/'
}

/** Copying text is all that the page needs of what a browser would ask a person for. */
export const isAllowedPermission = (permission: string, url: string): boolean =>
  permission === 'clipboard-sanitized-write' && isOwnUrl(url)
