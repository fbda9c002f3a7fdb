import { expect, it } from 'vitest'
import { isExternalLink } from '../base/shell.ts'
import { isAllowedNavigation, isAllowedPermission, isOwnUrl, PAGE_URL } from './policy.ts'
import { windowOptions } from './window-options.ts'

it.each([
  [PAGE_URL, true],
  ['app://nodeloom/', true],
  ['app://nodeloom/index.html?x#y', true],
  ['app://nodeloom/assets/a.js', false],
  ['app://other/index.html', false],
  ['app://user@nodeloom/index.html', false],
  ['app://nodeloom.evil/index.html', false],
  ['https://example.org/', false],
  ['http://nodeloom/index.html', false],
  ['file:///etc/passwd', false],
  ['javascript:alert(1)', false],
  ['data:text/html,x', false],
  ['about:blank', false],
  ['blob:app://nodeloom/1', false],
  ['', false],
])('navigation to %s: %s', (url, allowed) => {
  expect(isAllowedNavigation(url)).toBe(allowed)
})

it.each([
  ['https://example.org/', true],
  ['mailto:a@example.org', true],
  ['http://example.org/', false],
  ['file:///etc/passwd', false],
  ['javascript:alert(1)', false],
  ['ms-settings:', false],
  ['smb://host/share', false],
  ['//example.org', false],
  ['', false],
])('a link to %s may be offered: %s', (url, allowed) => {
  expect(isExternalLink(url)).toBe(allowed)
})

it('lets the page copy text and nothing else', () => {
  const permissions = [
    'media',
    'geolocation',
    'notifications',
    'midi',
    'fullscreen',
    'pointerLock',
    'openExternal',
    'clipboard-read',
    'hid',
    'usb',
    'serial',
  ]
  expect(permissions.filter((permission) => isAllowedPermission(permission, PAGE_URL))).toEqual([])
  expect(isAllowedPermission('clipboard-sanitized-write', PAGE_URL)).toBe(true)
  expect(isAllowedPermission('clipboard-sanitized-write', 'https://example.org/')).toBe(false)
  expect(isOwnUrl('app://nodeloom/assets/a.js')).toBe(true)
})

it('makes windows with the sandbox, isolated, without Node', () => {
  const { webPreferences, ...rest } = windowOptions('/p.cjs', null, {
    bounds: { x: 1, y: 2, width: 800, height: 600 },
    maximized: false,
  })
  expect(webPreferences).toEqual({
    preload: '/p.cjs',
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  })
  expect(rest).toMatchObject({ x: 1, y: 2, width: 800, height: 600, show: false })
})
