import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import ts from 'typescript'
import type { Breach } from './breach.ts'

/** Borders that imports do not show: what a file does with what it may import. */
const reasons = {
  'file-writes-only-from-base':
    'Only base/ writes files, by atomic replace, so that a crash at any moment leaves the old content or the new one.',
  'windows-from-one-place':
    'One function in src-main/shell-electron makes windows, so that no window lacks its protection.',
  'sockets-only-from-host-folder':
    'Only src-renderer/host/ talks to the host, so that reconnecting and parsing are written once.',
  'cast-has-a-reason':
    'A cast overrules the compiler, so the line itself or the one above says in a comment why it holds.',
} as const

type SourceRule = keyof typeof reasons

export const sourceRuleNames = (): string[] => Object.keys(reasons)

const fileSystem = /^(node:)?fs(\/promises)?$/
const writers = /^(writeFile|appendFile|copyFile|cp|rename|truncate|ftruncate|write|writev)(Sync)?$|^createWriteStream$/
const openers = /^open(Sync)?$/

interface Found {
  readonly rule: SourceRule
  readonly node: ts.Node
}

const sourceFiles = async (root: string, folder: string): Promise<string[]> => {
  const names = await readdir(join(root, folder), { recursive: true }).catch(() => [])
  return names
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
}

/** Local names bound to node:fs: `whole` for the module, `parts` for one function each. */
const fileSystemNames = (source: ts.SourceFile): { whole: Set<string>; parts: Map<string, string> } => {
  const whole = new Set<string>()
  const parts = new Map<string, string>()
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue
    if (!fileSystem.test(statement.moduleSpecifier.text)) continue
    const clause = statement.importClause
    if (clause?.name !== undefined) whole.add(clause.name.text)
    const bindings = clause?.namedBindings
    if (bindings === undefined) continue
    if (ts.isNamespaceImport(bindings)) whole.add(bindings.name.text)
    else {
      for (const { name, propertyName } of bindings.elements) {
        const imported = propertyName?.text ?? name.text
        if (imported === 'promises') whole.add(name.text)
        else parts.set(name.text, imported)
      }
    }
  }
  return { whole, parts }
}

/** The node:fs function that a call names, directly or through the module. */
const calledFunction = (call: ts.CallExpression, names: ReturnType<typeof fileSystemNames>): string | undefined => {
  const { expression } = call
  if (ts.isIdentifier(expression)) return names.parts.get(expression.text)
  if (!ts.isPropertyAccessExpression(expression)) return undefined
  const owner = ts.isPropertyAccessExpression(expression.expression)
    ? expression.expression.expression
    : expression.expression
  return ts.isIdentifier(owner) && names.whole.has(owner.text) ? expression.name.text : undefined
}

const opensForReading = (call: ts.CallExpression): boolean => {
  const flags = call.arguments[1]
  return (
    flags === undefined ||
    (ts.isStringLiteral(flags) && /^rs?$/.test(flags.text)) ||
    /\bO_RDONLY\b/.test(flags.getText())
  )
}

const writes = (call: ts.CallExpression, names: ReturnType<typeof fileSystemNames>): boolean => {
  const name = calledFunction(call, names)
  if (name === undefined) return false
  return writers.test(name) || (openers.test(name) && !opensForReading(call))
}

const hasReason = (node: ts.Node, source: ts.SourceFile): boolean => {
  const lines = source.text.split('\n')
  const first = source.getLineAndCharacterOfPosition(node.getStart()).line
  const last = source.getLineAndCharacterOfPosition(node.getEnd()).line
  const comment = /\/\/|\*\//
  return [lines[first - 1], ...lines.slice(first, last + 1)].some((line) => line !== undefined && comment.test(line))
}

/** To `unknown` nothing is claimed, and to `string` branded text loses its brand, which always holds. */
const harmless = new Set([ts.SyntaxKind.UnknownKeyword, ts.SyntaxKind.StringKeyword])

const isCast = (node: ts.Node): node is ts.AsExpression =>
  ts.isAsExpression(node) && !ts.isConstTypeReference(node.type) && !harmless.has(node.type.kind)

const sockets = new Set(['WebSocket', 'EventSource', 'MessageChannel', 'BroadcastChannel'])
const windows = new Set(['BrowserWindow', 'BaseWindow', 'WebContentsView', 'BrowserView'])

const breachesOf = (path: string, source: ts.SourceFile): Found[] => {
  const found: Found[] = []
  const names = fileSystemNames(source)
  const visit = (node: ts.Node): void => {
    if (
      ts.isCallExpression(node) &&
      path.startsWith('src-main/') &&
      !path.startsWith('src-main/base/') &&
      writes(node, names)
    ) {
      found.push({ rule: 'file-writes-only-from-base', node })
    }
    if (ts.isNewExpression(node)) {
      const made = ts.isPropertyAccessExpression(node.expression)
        ? node.expression.name.text
        : node.expression.getText()
      if (windows.has(made)) found.push({ rule: 'windows-from-one-place', node })
      const inPage = path.startsWith('src-renderer/') && !path.startsWith('src-renderer/host/')
      if (inPage && sockets.has(made)) found.push({ rule: 'sockets-only-from-host-folder', node })
    }
    if (isCast(node) && !hasReason(node, source)) found.push({ rule: 'cast-has-a-reason', node })
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** Windows may be made in one file of the desktop shell; the first such file is the place, any other is a breach. */
const withoutTheOnePlace = (breaches: readonly Breach[]): Breach[] => {
  const place = breaches
    .filter(({ rule, place: at }) => rule === 'windows-from-one-place' && at.startsWith('src-main/shell-electron/'))
    .map(({ place: at }) => at.replace(/:\d+$/, ''))[0]
  const isThePlace = ({ rule, place: at }: Breach): boolean =>
    rule === 'windows-from-one-place' && place !== undefined && at.startsWith(`${place}:`)
  return breaches.filter((breach) => !isThePlace(breach))
}

/** Checks what the product's own files do. Tests may do as they like. */
export const checkSources = async (root: string): Promise<Breach[]> => {
  const breaches: Breach[] = []
  const perFolder = ['src-shared', 'src-main', 'src-preload', 'src-renderer'].map((folder) => sourceFiles(root, folder))
  const paths = (await Promise.all(perFolder))
    .flat()
    .filter((path) => !/(\.test[-a-z]*|[-.]fixture|\/fake-[-a-z]+)\.tsx?$/.test(path))
  for (const path of paths.toSorted()) {
    const source = ts.createSourceFile(path, await readFile(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true)
    for (const { rule, node } of breachesOf(path, source)) {
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1
      breaches.push({ rule, place: `${path}:${line}`, reason: reasons[rule] })
    }
  }
  return withoutTheOnePlace(breaches)
}
