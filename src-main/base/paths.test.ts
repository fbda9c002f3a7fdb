import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { carriedNode, installDir, profileDir, projectsDir, type PathsContext } from './paths.ts'

const on = (platform: NodeJS.Platform, env: Record<string, string> = {}): PathsContext => ({
  platform,
  env,
  home: platform === 'win32' ? 'C:\\Users\\Ada' : '/home/ada',
})

it('keeps the profile where the system wants it', () => {
  expect([
    profileDir(on('linux')),
    profileDir(on('linux', { XDG_CONFIG_HOME: '/x' })),
    profileDir(on('linux', { XDG_CONFIG_HOME: 'relative' })),
    profileDir(on('darwin')),
    profileDir(on('win32')),
    profileDir(on('win32', { APPDATA: 'D:\\Roaming' })),
    profileDir(on('linux', { NODELOOM_HOME: '/own' })),
  ]).toEqual([
    '/home/ada/.config/nodeloom',
    '/x/nodeloom',
    '/home/ada/.config/nodeloom',
    '/home/ada/Library/Application Support/Nodeloom',
    'C:\\Users\\Ada\\AppData\\Roaming\\Nodeloom',
    'D:\\Roaming\\Nodeloom',
    '/own',
  ])
})

it('makes projects in a visible folder', () => {
  expect([projectsDir(on('linux')), projectsDir(on('darwin')), projectsDir(on('win32'))]).toEqual([
    '/home/ada/Nodeloom',
    '/home/ada/Documents/Nodeloom',
    'C:\\Users\\Ada\\Documents\\Nodeloom',
  ])
})

it('finds the installation and its Node from a folder inside', () => {
  const root = join(import.meta.dirname, '..', '..')
  expect(installDir(join(root, 'src-main', 'base'))).toBe(root)
  expect(carriedNode(root)).toBe(
    join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node'),
  )
  expect(() => installDir(dirname(root))).toThrow('incomplete')
})
