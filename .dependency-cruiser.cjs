/**
 * The borders between the parts (docs/architecture.md). Each rule's comment is the reason; `npm run borders` prints it
 * when the rule is broken, and scripts/borders/fixtures.ts holds code for each rule that must break it.
 */

/** Tests, and what only tests share: name.test.ts, name.test-data.ts, name.fixture.ts, fake-name.ts. */
const test = '(\\.test[-a-z]*|[-.]fixture|/fake-[-a-z]+)\\.tsx?$'

/** Services in their order: each may use those before it. */
const line = ['base', 'analysis', 'project', 'environment', 'python', 'flow']
const mayUse = {
  ...Object.fromEntries(line.map((service, place) => [service, line.slice(0, place)])),
  language: ['base', 'project', 'environment'],
  terminal: ['base', 'project', 'environment'],
  problems: [...line, 'language', 'terminal'],
  history: ['base'],
}
const services = Object.keys(mayUse).filter((name) => name !== 'base')
/** @type {(names: readonly string[]) => string} */
const oneOf = (names) => `(${names.join('|')})`

const serviceRules = Object.entries(mayUse).map(([service, allowed]) => ({
  name: `service-line-${service}`,
  severity: 'error',
  comment: `src-main/${service} may use ${allowed.length === 0 ? 'no service' : allowed.join(', ')}: services form a line, so that each can be built, tested and stopped without those after it. News from the others comes as an event, instances come from services.ts.`,
  from: { path: `^src-main/${service}/`, pathNot: test },
  to: { path: '^src-main/', pathNot: `^src-main/${oneOf([service, ...allowed])}/` },
}))

module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      severity: 'error',
      comment: 'Modules that import each other in a circle cannot be understood, tested or loaded one by one.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'shared-knows-no-side',
      severity: 'error',
      comment: 'src-shared is what both sides agree on, so it can import neither of them.',
      from: { path: '^src-shared/' },
      to: { path: '^(src-(main|preload|renderer)|scripts|e2e|bench)/' },
    },
    {
      name: 'shared-is-pure',
      severity: 'error',
      comment: 'src-shared runs in a page and in Node alike, so it imports zod, jsonc-parser (pure too) and itself.',
      from: { path: '^src-shared/', pathNot: test },
      to: { pathNot: '^src-shared/|(^|/)node_modules/(zod|jsonc-parser)/', dependencyTypesNot: ['unknown'] },
    },
    {
      name: 'page-knows-no-main',
      severity: 'error',
      comment:
        'The page may run in another process or another machine than the host; it reaches it only through the contract.',
      from: { path: '^src-renderer/' },
      to: { path: '^src-(main|preload)/' },
    },
    {
      name: 'page-without-node',
      severity: 'error',
      comment: 'The page is sandboxed and also runs in a browser tab: there is no Node and no Electron in it.',
      from: { path: '^src-renderer/', pathNot: test },
      to: { path: '(^|/)node_modules/electron/' },
    },
    {
      name: 'page-without-node-built-ins',
      severity: 'error',
      comment: 'The page is sandboxed and also runs in a browser tab: there is no Node and no Electron in it.',
      from: { path: '^src-renderer/', pathNot: test },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'main-knows-no-page',
      severity: 'error',
      comment: 'Main and host serve any page that speaks the contract, so they import nothing of one.',
      from: { path: '^src-main/' },
      to: { path: '^src-(renderer|preload)/' },
    },
    {
      name: 'preload-hands-over-ports',
      severity: 'error',
      comment: 'The preload has more rights than the page, so it stays small: src-shared and electron, nothing else.',
      from: { path: '^src-preload/', pathNot: test },
      to: { pathNot: '^src-(preload|shared)/|(^|/)node_modules/electron/' },
    },
    {
      name: 'electron-only-in-the-shell',
      severity: 'error',
      comment:
        'The host runs on plain Node under the desktop, serve and the command line; only the shell knows Electron.',
      from: { path: '^(src-|scripts/start)', pathNot: '^src-main/(electron\\.ts$|shell-electron/)|^src-preload/' },
      to: { path: '(^|/)node_modules/electron/' },
    },
    {
      name: 'shell-holds-no-service',
      severity: 'error',
      comment: "Electron's main process must never stall, so the shell imports no service; it relays to the host.",
      from: { path: '^src-main/(electron\\.ts$|shell-electron/)' },
      to: { path: `^src-main/(${oneOf(services)}/|services\\.ts$|host\\.ts$)` },
    },
    {
      name: 'web-shell-holds-no-service',
      severity: 'error',
      comment: 'The loopback server carries messages; what they mean is for the host that its entry hands to it.',
      from: { path: '^src-main/shell-web/', pathNot: test },
      to: { path: `^src-main/(${oneOf(services)}/|services\\.ts$|shell-electron/)` },
    },
    ...serviceRules,
    {
      name: 'service-through-its-index',
      severity: 'error',
      comment: 'A service is seen through its index.ts, so that its inside can change without the others.',
      from: { path: '^src-main/([^/]+)/', pathNot: test },
      to: { path: `^src-main/${oneOf(services)}/`, pathNot: ['^src-main/[^/]+/index\\.ts$', '^src-main/$1/'] },
    },
    {
      name: 'entry-sees-a-service-through-its-index',
      severity: 'error',
      comment: 'A service is seen through its index.ts, so that its inside can change without the entries.',
      from: { path: '^src-main/[^/]+\\.ts$', pathNot: test },
      to: { path: `^src-main/${oneOf(services)}/`, pathNot: '^src-main/[^/]+/index\\.ts$' },
    },
    {
      name: 'history-only-listens',
      severity: 'error',
      comment: 'History listens to events; if something imported it, the store could hold up what it records.',
      from: { path: '^src-main/', pathNot: '^src-main/(history/|services\\.ts$)' },
      to: { path: '^src-main/history/' },
    },
    {
      name: 'processes-only-from-base',
      severity: 'error',
      comment:
        'Only base/ starts processes, so that every child has an owner, a deadline and a tree that can be ended.',
      from: { path: '^src-(main|shared|preload|renderer)/', pathNot: `^src-main/base/|${test}` },
      to: { path: '^(node:)?child_process$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'node-pty-only-in-the-pty-host',
      severity: 'error',
      comment:
        'node-pty is native code that can take its process down, so it lives in the pty host, a process of its own.',
      from: { path: '^src-', pathNot: '^src-main/terminal/pty-host\\.ts$' },
      to: { path: '(^|/)node_modules/node-pty/' },
    },
    {
      name: 'scheduler-knows-workers-by-submit',
      severity: 'error',
      comment:
        'The scheduler knows workers only as submit(call, handles) → handle (types), so that another engine can take their place.',
      from: { path: '^src-main/flow/schedul[^/]*\\.ts$|^src-main/flow/schedul[^/]*/', pathNot: test },
      to: { path: '^src-main/(python|environment)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'feature-through-its-index',
      severity: 'error',
      comment:
        'A page feature is seen through its index.ts, so that its store and views can change without the others.',
      from: { path: '^src-renderer/features/([^/]+)/', pathNot: test },
      to: {
        path: '^src-renderer/features/[^/]+/',
        pathNot: ['^src-renderer/features/[^/]+/index\\.tsx?$', '^src-renderer/features/$1/'],
      },
    },
    {
      name: 'app-sees-a-feature-through-its-index',
      severity: 'error',
      comment:
        'A page feature is seen through its index.ts, so that its store and views can change without the layout.',
      from: { path: '^src-renderer/', pathNot: `^src-renderer/features/|${test}` },
      to: { path: '^src-renderer/features/[^/]+/', pathNot: '^src-renderer/features/[^/]+/index\\.tsx?$' },
    },
    {
      name: 'parts-know-no-feature',
      severity: 'error',
      comment: 'ui/, lib/ and host/ serve every feature, so they import none of them.',
      from: { path: '^src-renderer/(ui|lib|host)/', pathNot: test },
      to: { path: '^src-renderer/(features|app)/' },
    },
    {
      name: 'only-host-folder-talks-to-the-host',
      severity: 'error',
      comment: 'Only src-renderer/host/ talks to the host, so that reconnecting and parsing are written once.',
      from: { path: '^src-renderer/', pathNot: `^src-renderer/host/|${test}` },
      to: { path: '^src-shared/rpc/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'product-without-tools',
      severity: 'error',
      comment: 'The product ships without scripts, tests and benches, so it cannot import them.',
      from: { path: '^src-', pathNot: test },
      to: { path: '^(scripts|e2e|bench)/' },
    },
    {
      name: 'nothing-imports-a-test',
      severity: 'error',
      comment: 'A test file is no library; what tests share lives in a file of its own.',
      from: { pathNot: test },
      to: { path: test },
    },
    {
      name: 'resolves',
      severity: 'error',
      comment: 'An import that leads nowhere fails at start.',
      from: { path: '^src-' },
      to: { couldNotResolve: true, pathNot: '\\?' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(out|dist|\\.cache|test-results|resources)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json', '.d.ts'],
    },
  },
}
