/** `--set` on the command line. */
import { describe, expect, it } from 'vitest'
import type { FileAnalysis, Parameter } from '../../src-shared/contract/analysis.ts'
import { zFlowDocument } from '../../src-shared/flow/document.ts'
import { readSetOptions } from './set-option.ts'

const parameter = (name: string, kind: 'text' | 'json'): Parameter => ({
  name,
  kind: 'positional_or_keyword',
  annotation: kind === 'text' ? 'str' : null,
  optional: false,
  default: null,
  defaultJson: null,
  field: { kind },
  nullable: false,
  collects: 'never',
  line: 1,
})
const analysis: FileAnalysis = {
  status: 'ok',
  message: null,
  line: null,
  column: null,
  functions: {
    main: {
      name: 'main',
      line: 1,
      isAsync: false,
      isGenerator: false,
      doc: null,
      parameters: [parameter('text', 'text'), parameter('any', 'json')],
      takesInputData: false,
      hasKwargs: false,
      outputs: [],
      outputShape: 'whole',
      returns: null,
    },
  },
  stale: false,
  imports: [],
  dependsOn: [],
}
const document = zFlowDocument.parse({ format: 1, nodes: { a: { kind: 'code', file: 'nodes/a.py' } }, edges: [] })

describe('readSetOptions', () => {
  it('takes JSON, text where it is not JSON, and text as it is for str', () => {
    const options = [
      'a.any=3.0',
      'a.text=3.0',
      'a.any2=hello there',
      'a.any3={"x": [1]}',
      'a.text2==',
      'b.x=true',
      'a.any4=',
    ]
    expect(readSetOptions(options, document, () => analysis)).toEqual({
      'a.any': '3.0',
      'a.text': '"3.0"',
      'a.any2': '"hello there"',
      'a.any3': '{"x": [1]}',
      'a.text2': '"="',
      'b.x': 'true',
      'a.any4': '""',
    })
  })

  it('wants a value', () => {
    expect(() => readSetOptions(['a.any'], document, () => analysis)).toThrow('--set a.any: the value is missing.')
  })
})
