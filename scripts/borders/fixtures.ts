/** Code that must break a border, one fixture for each: `rule` has to be reported, and nothing else. */
export interface Fixture {
  readonly rule: string
  /** Path to content, in the repository's layout. */
  readonly files: Readonly<Record<string, string>>
}

const value = 'export const value = 1\n'

/** One file that imports another. */
const imports = (rule: string, from: string, to: string, written: string): Fixture => ({
  rule,
  files: { [from]: `import { value } from '${written}'\nexport const other = value\n`, [to]: value },
})

/** One file that imports a package or a built-in module. */
const importsPackage = (rule: string, from: string, name: string): Fixture => ({
  rule,
  files: { [from]: `import * as all from '${name}'\nexport const other = all\n` },
})

const source = (rule: string, path: string, text: string): Fixture => ({ rule, files: { [path]: `${text}\n` } })

const beyondLine = (service: string, later: string): Fixture =>
  imports(
    `service-line-${service}`,
    `src-main/${service}/index.ts`,
    `src-main/${later}/index.ts`,
    `../${later}/index.ts`,
  )

export const fixtures: readonly Fixture[] = [
  {
    rule: 'no-cycle',
    files: {
      'src-shared/a.ts': "import { b } from './b.ts'\nexport const a = (): number => b()\n",
      'src-shared/b.ts': "import { a } from './a.ts'\nexport const b = (): number => a()\n",
    },
  },
  imports('shared-knows-no-side', 'src-shared/a.ts', 'src-main/base/b.ts', '../src-main/base/b.ts'),
  importsPackage('shared-is-pure', 'src-shared/a.ts', 'node:path'),
  importsPackage('shared-is-pure', 'src-shared/a.ts', 'react'),
  imports('page-knows-no-main', 'src-renderer/lib/a.ts', 'src-main/base/b.ts', '../../src-main/base/b.ts'),
  importsPackage('page-without-node-built-ins', 'src-renderer/lib/a.ts', 'node:fs'),
  importsPackage('page-without-node', 'src-renderer/lib/a.ts', 'electron'),
  imports('main-knows-no-page', 'src-main/base/a.ts', 'src-renderer/lib/b.ts', '../../src-renderer/lib/b.ts'),
  imports('preload-hands-over-ports', 'src-preload/index.ts', 'src-main/base/b.ts', '../src-main/base/b.ts'),
  importsPackage('preload-hands-over-ports', 'src-preload/index.ts', 'zod'),
  importsPackage('electron-only-in-the-shell', 'src-main/project/index.ts', 'electron'),
  importsPackage('electron-only-in-the-shell', 'src-main/serve.ts', 'electron'),
  imports('shell-holds-no-service', 'src-main/electron.ts', 'src-main/project/index.ts', './project/index.ts'),
  imports('shell-holds-no-service', 'src-main/shell-electron/a.ts', 'src-main/services.ts', '../services.ts'),
  imports('web-shell-holds-no-service', 'src-main/shell-web/a.ts', 'src-main/project/index.ts', '../project/index.ts'),
  beyondLine('base', 'analysis'),
  beyondLine('analysis', 'project'),
  beyondLine('project', 'environment'),
  beyondLine('environment', 'python'),
  beyondLine('python', 'flow'),
  beyondLine('flow', 'problems'),
  beyondLine('language', 'flow'),
  beyondLine('terminal', 'python'),
  imports('service-line-problems', 'src-main/problems/index.ts', 'src-main/services.ts', '../services.ts'),
  beyondLine('history', 'flow'),
  imports('service-through-its-index', 'src-main/flow/index.ts', 'src-main/python/inside.ts', '../python/inside.ts'),
  imports(
    'entry-sees-a-service-through-its-index',
    'src-main/services.ts',
    'src-main/flow/inside.ts',
    './flow/inside.ts',
  ),
  imports('history-only-listens', 'src-main/cli.ts', 'src-main/history/index.ts', './history/index.ts'),
  importsPackage('processes-only-from-base', 'src-main/python/index.ts', 'node:child_process'),
  importsPackage('node-pty-only-in-the-pty-host', 'src-main/terminal/index.ts', 'node-pty'),
  imports(
    'scheduler-knows-workers-by-submit',
    'src-main/flow/scheduler.ts',
    'src-main/python/index.ts',
    '../python/index.ts',
  ),
  imports(
    'feature-through-its-index',
    'src-renderer/features/a/index.ts',
    'src-renderer/features/b/store.ts',
    '../b/store.ts',
  ),
  imports(
    'app-sees-a-feature-through-its-index',
    'src-renderer/app/a.ts',
    'src-renderer/features/b/store.ts',
    '../features/b/store.ts',
  ),
  imports(
    'parts-know-no-feature',
    'src-renderer/ui/a.ts',
    'src-renderer/features/b/index.ts',
    '../features/b/index.ts',
  ),
  imports(
    'only-host-folder-talks-to-the-host',
    'src-renderer/lib/a.ts',
    'src-shared/rpc/b.ts',
    '../../src-shared/rpc/b.ts',
  ),
  imports('product-without-tools', 'src-main/base/a.ts', 'scripts/b.ts', '../../scripts/b.ts'),
  imports('nothing-imports-a-test', 'src-main/base/a.ts', 'src-main/base/b.test.ts', './b.test.ts'),
  source('resolves', 'src-main/base/a.ts', "export { gone } from './gone.ts'"),

  source(
    'file-writes-only-from-base',
    'src-main/project/index.ts',
    "import { writeFile as save } from 'node:fs/promises'\nawait save('a', 'b')",
  ),
  source(
    'file-writes-only-from-base',
    'src-main/project/index.ts',
    "import * as fs from 'node:fs'\nfs.promises.appendFile('a', 'b')",
  ),
  source(
    'file-writes-only-from-base',
    'src-main/project/index.ts',
    "import { openSync } from 'node:fs'\nopenSync('a', 'w')",
  ),
  source(
    'windows-from-one-place',
    'src-main/electron.ts',
    "import { BrowserWindow } from 'electron'\nnew BrowserWindow()",
  ),
  {
    rule: 'windows-from-one-place',
    files: {
      'src-main/shell-electron/a.ts': "import { BrowserWindow } from 'electron'\nnew BrowserWindow()\n",
      'src-main/shell-electron/b.ts': "import electron from 'electron'\nnew electron.BrowserWindow()\n",
    },
  },
  source('sockets-only-from-host-folder', 'src-renderer/features/a/index.ts', "new WebSocket('ws://127.0.0.1')"),
  source('cast-has-a-reason', 'src-shared/a.ts', 'export const a = JSON.parse("1") as number'),

  source('python-standard-library-only', 'resources/python/nodeloom_runtime/a.py', 'import numpy'),
  source('python-standard-library-only', 'resources/python/nodeloom/a.py', 'def f():\n    import requests'),
  {
    rule: 'python-nodeloom-without-runtime',
    files: {
      'resources/python/nodeloom/a.py': 'from nodeloom_runtime import b\n',
      'resources/python/nodeloom_runtime/b.py': '\n',
    },
  },
]

/** Rules that hold together with the expected one, because one line of code breaks both. */
export const companions: Readonly<Record<string, readonly string[]>> = {
  'shared-knows-no-side': ['shared-is-pure'],
  'page-without-node': ['electron-only-in-the-shell'],
}

/** Code that comes close to every border and crosses none: a rule that reports it is too wide. */
export const clean: Readonly<Record<string, string>> = {
  'src-shared/a.ts': "import { z } from 'zod'\nexport const zA = z.string()\n",
  'src-shared/rpc/b.ts': "import { zA } from '../a.ts'\nexport const value = zA\n",
  'src-shared/a.test.ts': "import { join } from 'node:path'\nexport const value = join('a')\n",
  'src-main/electron.ts': "import { open } from './shell-electron/window.ts'\nopen()\n",
  'src-main/shell-electron/window.ts':
    "import { BrowserWindow } from 'electron'\nexport const open = () => new BrowserWindow()\n",
  'src-main/base/spawn.ts': "import { spawn } from 'node:child_process'\nexport const value = spawn\n",
  'src-main/base/write.ts':
    "import { writeFile } from 'node:fs/promises'\nexport const value = () => writeFile('a', 'b')\n",
  'src-main/project/index.ts':
    "import { open } from 'node:fs/promises'\nimport { value } from '../base/write.ts'\nexport const read = () => open('a', 'r')\nexport { value }\n",
  'src-main/python/types.ts': 'export interface Workers { submit(): void }\n',
  'src-main/python/index.ts':
    "import { value } from '../project/index.ts'\nexport type { Workers } from './types.ts'\nexport { value }\n",
  'src-main/flow/scheduler.ts':
    "import type { Workers } from '../python/index.ts'\nexport const run = (workers: Workers) => workers.submit()\n",
  'src-main/services.ts': "import { value } from './project/index.ts'\nexport const services = value\n",
  'src-main/terminal/pty-host.ts': "import * as pty from 'node-pty'\nexport const value = pty\n",
  'src-preload/index.ts':
    "import { contextBridge } from 'electron'\nimport { zA } from '../src-shared/a.ts'\nexport const value = [contextBridge, zA]\n",
  'src-renderer/host/client.ts':
    "import { value } from '../../src-shared/rpc/b.ts'\nexport const connect = () => [value, new WebSocket('ws://127.0.0.1')]\n",
  'src-renderer/features/a/index.ts': "export { value } from './store.ts'\n",
  'src-renderer/features/a/store.ts':
    'export const value = [1] as const\n// The list has one entry.\nexport const first = value[0] as 1\n',
  'src-renderer/features/b/index.ts': "import { value } from '../a/index.ts'\nexport const other = value\n",
  'resources/python/nodeloom/a.py': 'import json\n',
  'resources/python/nodeloom_runtime/b.py':
    'import os.path\nfrom . import c\nfrom nodeloom import a\ndef f():\n    import numpy\n',
}
