/** A place where a border is crossed. */
export interface Breach {
  /** Name of the rule, as in .dependency-cruiser.cjs, source-rules.ts or python-imports.ts. */
  readonly rule: string
  /** `path` or `path:line`, relative to the folder that was checked. */
  readonly place: string
  readonly reason: string
}
