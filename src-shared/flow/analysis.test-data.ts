/** Analyses of Python files for tests, short to write. */
import type { FileAnalysis, FunctionSignature, OutputPort, Parameter } from '../contract/analysis.ts'

export const parameter = (name: string, more: Partial<Parameter> = {}): Parameter => ({
  name,
  kind: 'positional_or_keyword',
  annotation: null,
  optional: false,
  default: null,
  defaultJson: null,
  field: { kind: 'json' },
  nullable: true,
  collects: 'never',
  line: 1,
  ...more,
})

export const outputPort = (name: string, type: string | null = null, required = true): OutputPort => ({
  name,
  type,
  required,
})

export const signature = (parameters: Parameter[], more: Partial<FunctionSignature> = {}): FunctionSignature => ({
  name: 'main',
  line: 1,
  isAsync: false,
  isGenerator: false,
  doc: null,
  parameters,
  takesInputData: false,
  hasKwargs: false,
  outputs: [outputPort('result')],
  outputShape: 'whole',
  returns: null,
  ...more,
})

export const analysis = (functions: FunctionSignature[], more: Partial<FileAnalysis> = {}): FileAnalysis => ({
  status: 'ok',
  message: null,
  line: null,
  column: null,
  functions: Object.fromEntries(functions.map((one) => [one.name, one])),
  stale: false,
  imports: [],
  dependsOn: [],
  ...more,
})
