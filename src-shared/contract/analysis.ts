/**
 * What the analysis process says of a Python file: its functions and their ports, found by parsing,
 * never by running (design §3, "Ports come from the signature"). Golden samples of these shapes are
 * read by the tests of both sides.
 */
import { z } from 'zod'

/** How an input without an edge is filled in by a person; made from the annotation. */
export const zFieldSpec = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text') }),
  z.object({ kind: z.literal('int') }),
  z.object({ kind: z.literal('float') }),
  z.object({ kind: z.literal('bool') }),
  /** `Literal[…]` (JSON texts of its values) or an Enum (JSON texts of its member names). */
  z.object({ kind: z.literal('choice'), options: z.array(z.object({ label: z.string(), json: z.string() })) }),
  z.object({ kind: z.literal('path') }),
  /** Anything else: edited as JSON. */
  z.object({ kind: z.literal('json') }),
])
export type FieldSpec = z.infer<typeof zFieldSpec>

export const zParameter = z.object({
  name: z.string(),
  kind: z.enum(['positional_only', 'positional_or_keyword', 'keyword_only', 'var_positional']),
  /** Source text of the annotation, null when there is none. */
  annotation: z.string().nullable(),
  optional: z.boolean(),
  /** Source text of the default, null when there is none. */
  default: z.string().nullable(),
  /** JSON text of the default where it is a plain literal, else null. */
  defaultJson: z.string().nullable(),
  field: zFieldSpec,
  /** None is among the values the annotation allows. */
  nullable: z.boolean(),
  /**
   * May take several edges: `*args`, `list[…]`, `Sequence[…]`, unannotated. `always` for `*args`, which
   * collects even one edge.
   */
  collects: z.enum(['never', 'may', 'always']),
  /** 1-based line of the parameter in its file. */
  line: z.number().int(),
})
export type Parameter = z.infer<typeof zParameter>

export const zOutputPort = z.object({
  name: z.string(),
  /** Source text of the type, null when unknown. */
  type: z.string().nullable(),
  /** False for a `NotRequired` key: an absent one is "not taken". */
  required: z.boolean(),
})
export type OutputPort = z.infer<typeof zOutputPort>

export const zFunctionSignature = z.object({
  name: z.string(),
  line: z.number().int(),
  isAsync: z.boolean(),
  isGenerator: z.boolean(),
  /** First paragraph of the docstring, or null. */
  doc: z.string().nullable(),
  parameters: z.array(zParameter),
  /**
   * `def main(input_data)`: that name, first, unannotated, no default. It takes whatever reaches the node
   * and is then not listed among `parameters`.
   */
  takesInputData: z.boolean(),
  /** Has `**kwargs`; it gives no port. */
  hasKwargs: z.boolean(),
  /**
   * Outputs: one per NamedTuple or TypedDict field, and `result` for the whole unless a field has that
   * name; else `result` alone.
   */
  outputs: z.array(zOutputPort),
  /** How the fields are taken out of the returned value. */
  outputShape: z.enum(['whole', 'named_tuple', 'typed_dict']),
  /** Source text of the return annotation, null when there is none. */
  returns: z.string().nullable(),
})
export type FunctionSignature = z.infer<typeof zFunctionSignature>

export const zFileAnalysis = z.object({
  status: z.enum(['ok', 'missing', 'syntax_error', 'unreadable']),
  /** Why, when status is not ok: one sentence. */
  message: z.string().nullable(),
  /** 1-based place of a syntax error. */
  line: z.number().int().nullable(),
  column: z.number().int().nullable(),
  /**
   * Top-level functions by name. When status is not `ok` these are the last known ones (possibly none)
   * and `stale` is true.
   */
  functions: z.record(z.string(), zFunctionSignature),
  stale: z.boolean(),
  /** Top-level module names the file imports, sorted: `numpy`, `nodes.b`, `sklearn.linear_model`. */
  imports: z.array(z.string()),
  /** Project files whose text took part in the result (relative paths). */
  dependsOn: z.array(z.string()),
})
export type FileAnalysis = z.infer<typeof zFileAnalysis>
