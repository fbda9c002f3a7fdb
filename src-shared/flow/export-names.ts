/** The names an exported script uses: variables of nodes, modules it imports, helpers it needs. */
import { PROJECT_FOLDER } from './constant-conversion.ts'

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/

/** Names the script itself uses in `main`, which a node's variable must not hide. */
const scriptNames =
  'nodes os collections pathlib base64 datetime asyncio importlib main list dict set frozenset tuple float int str isinstance print bytearray'.split(
    ' ',
  )

const helperTexts = {
  _collect: 'async def _collect(items):\n    return [item async for item in items]',
  _has: 'def _has(value, key):\n    return isinstance(value, collections.abc.Mapping) and key in value',
} as const
export type HelperName = keyof typeof helperTexts

export class ExportNames {
  readonly #variables = new Map<string, string>()
  readonly #standard = new Set<string>()
  readonly #project = new Set<string>()
  readonly #unnamed = new Map<string, string>()
  readonly #helpers = new Set<HelperName>()
  #usesProjectFolder = false

  /** `moduleRoots`: the first names of the project modules, which no variable may hide. */
  constructor(ids: readonly string[], moduleRoots: Iterable<string>) {
    const taken = new Set([...scriptNames, ...moduleRoots])
    const all = new Set(ids)
    for (const id of ids) {
      let name = id
      while (taken.has(name) || (name !== id && all.has(name))) name += '_'
      taken.add(name)
      this.#variables.set(id, name)
    }
  }

  variable(id: string): string {
    return this.#variables.get(id) ?? id
  }

  /** Notes that a standard module, or the project's folder, is needed. */
  use(module: string): void {
    if (module === PROJECT_FOLDER) this.#usesProjectFolder = true
    this.#standard.add(module === PROJECT_FOLDER ? 'pathlib' : module)
  }

  useHelper(helper: HelperName): HelperName {
    if (helper === '_has') this.use('collections.abc')
    this.#helpers.add(helper)
    return helper
  }

  /** How the script names the module of a project file: `nodes.clean` for nodes/clean.py. */
  module(file: string): string {
    const module = file.replace(/\.py$/, '').replaceAll('/', '.')
    if (module.split('.').every((part) => IDENTIFIER.test(part))) {
      this.#project.add(module)
      return module
    }
    this.use('importlib')
    const alias = this.#unnamed.get(module) ?? `_module_${this.#unnamed.size + 1}`
    this.#unnamed.set(module, alias)
    return alias
  }

  standardModules(always: readonly string[]): string[] {
    return [...new Set([...this.#standard, ...always])].sort()
  }

  get projectModules(): string[] {
    return [...this.#project].sort()
  }

  /** Modules whose file name is no identifier: they can be imported, but not by an import statement. */
  get unnamedModules(): { alias: string; module: string }[] {
    return [...this.#unnamed].map(([module, alias]) => ({ alias, module }))
  }

  /** Lines at the top of the script that its nodes rely on. */
  get constants(): string[] {
    return this.#usesProjectFolder ? [`${PROJECT_FOLDER} = pathlib.Path(__file__).resolve().parent`] : []
  }

  get helpers(): string[] {
    return [...this.#helpers].sort().map((helper) => `\n${helperTexts[helper]}`)
  }
}
