import { describe, expect, it } from 'vitest'
import { analysis, outputPort, parameter, signature } from './analysis.test-data.ts'
import { portsOf, shortType, typeFamily } from './ports.ts'

const errorPort = { name: '$error', type: null, required: false, hidden: true }
const resultPort = { name: 'result', type: null, required: true, hidden: false }

describe('portsOf', () => {
  it('takes a code node from its signature, with the keys it names and $error', () => {
    const main = signature(
      [
        parameter('table', { annotation: 'pd.DataFrame', line: 4, collects: 'never', nullable: false }),
        parameter('factor', {
          annotation: 'float',
          optional: true,
          default: '2.0',
          defaultJson: '2.0',
          field: { kind: 'float' },
          nullable: false,
          line: 5,
        }),
      ],
      { outputs: [outputPort('rows', 'int'), outputPort('note', 'str', false), outputPort('result', 'Out')] },
    )
    const node = { kind: 'code', file: 'nodes/a.py', outputs: ['rows', 'left over', 'left over'] }
    expect(portsOf(node, analysis([main]))).toEqual({
      inputs: [
        {
          name: 'table',
          type: 'pd.DataFrame',
          optional: false,
          field: { kind: 'json' },
          nullable: false,
          collects: 'never',
          defaultJson: null,
          defaultText: null,
          line: 4,
        },
        {
          name: 'factor',
          type: 'float',
          optional: true,
          field: { kind: 'float' },
          nullable: false,
          collects: 'never',
          defaultJson: '2.0',
          defaultText: '2.0',
          line: 5,
        },
      ],
      outputs: [
        { name: 'rows', type: 'int', required: true, hidden: false },
        { name: 'note', type: 'str', required: false, hidden: false },
        { name: 'result', type: 'Out', required: true, hidden: false },
        { name: 'left over', type: null, required: false, hidden: false },
        errorPort,
      ],
      takesInputData: false,
      known: true,
    })
  })

  it('shows input_data as the first input, which takes any number of wires', () => {
    const ports = portsOf(
      { kind: 'code', file: 'a.py', entry: 'go' },
      analysis([signature([parameter('n')], { name: 'go', takesInputData: true })]),
    )
    expect({
      takes: ports.takesInputData,
      inputs: ports.inputs.map(({ name, optional, collects }) => [name, optional, collects]),
    }).toEqual({
      takes: true,
      inputs: [
        ['input_data', true, 'always'],
        ['n', false, 'never'],
      ],
    })
  })

  it('knows nothing of a file without its function, and keeps the last known ports of a broken one', () => {
    const node = { kind: 'code', file: 'a.py' }
    const nothing = { inputs: [], outputs: [resultPort, errorPort], takesInputData: false, known: false }
    expect([
      portsOf(node, undefined),
      portsOf(node, analysis([], { status: 'missing', stale: true })),
      portsOf({ ...node, entry: 'constructor' }, analysis([signature([])])),
      portsOf(node, analysis([signature([])], { status: 'syntax_error', stale: true })).known,
    ]).toEqual([nothing, nothing, nothing, true])
  })

  it('gives the ports of the other kinds', () => {
    const names = ['value', 'view', 'note', 'flow', 'strange'].map((kind) => {
      const ports = portsOf({ kind }, undefined)
      return [kind, ports.inputs.map((port) => port.name), ports.outputs.map((port) => port.name), ports.known]
    })
    expect(names).toEqual([
      ['value', [], ['result', '$error'], true],
      ['view', ['value'], ['result', '$error'], true],
      ['note', [], [], true],
      ['flow', [], [], false],
      ['strange', [], [], false],
    ])
  })
})

it('labels types', () => {
  const types = [
    null, 'pd.DataFrame', '"pd.DataFrame"', 'int', 'bool | None', 'Optional[str]', 'list[dict[str, int]]', 'np.ndarray', 'Figure | None',
    'Annotated[pl.DataFrame, "a | b"]', 'int | float', 'int | str', "Literal['a', 'b']", 'Literal[1, 2]', 'None', 'MyClass',
    'typing.Union[pd.DataFrame, pd.Series, None]', 'Callable[[int], str]', 'dict[str, int | None]', 'Union[dict[str, int], Call[[int, str], None]]', 'Iterator[tuple[int, str]]', 'a[b[c', '|', ']][[', "'",
  ] // prettier-ignore
  expect(types.map((type) => `${type}: ${typeFamily(type)} ${shortType(type)}`)).toEqual([
    'null: object ',
    'pd.DataFrame: table frame',
    '"pd.DataFrame": table frame',
    'int: number int',
    'bool | None: number bool?',
    'Optional[str]: text str?',
    'list[dict[str, int]]: array list',
    'np.ndarray: array array',
    'Figure | None: image figure?',
    'Annotated[pl.DataFrame, "a | b"]: table frame',
    'int | float: number int | float',
    'int | str: object int | str',
    "Literal['a', 'b']: text choice",
    'Literal[1, 2]: number choice',
    'None: object None',
    'MyClass: object MyClass',
    'typing.Union[pd.DataFrame, pd.Series, None]: table frame | series?',
    'Callable[[int], str]: object Callable',
    'dict[str, int | None]: object dict',
    'Union[dict[str, int], Call[[int, str], None]]: object dict | Call',
    'Iterator[tuple[int, str]]: array Iterator',
    'a[b[c: object a',
    '|: object ',
    ']][[: object ]]',
    "': object '",
  ])
})
