/** Takes the source text of a Python type expression apart, without judging it. */

export interface TypeParts {
  /** Last part of the dotted name: `DataFrame` of `pd.DataFrame`. */
  readonly name: string
  readonly args: readonly string[]
}

/** Splits at `separator` outside brackets and quotes. */
function splitTop(text: string, separator: string): string[] {
  const parts: string[] = []
  let depth = 0
  let quote = ''
  let start = 0
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index)
    if (quote !== '') {
      if (char === '\\') index++
      else if (char === quote) quote = ''
    } else if (char === '"' || char === "'") quote = char
    else if ('[('.includes(char)) depth++
    else if ('])'.includes(char)) depth--
    else if (char === separator && depth === 0) {
      parts.push(text.slice(start, index).trim())
      start = index + 1
    }
  }
  parts.push(text.slice(start).trim())
  return parts
}

export function typeParts(text: string): TypeParts {
  const open = text.indexOf('[')
  const dotted = (open < 0 ? text : text.slice(0, open)).trim()
  const args = open < 0 ? [] : splitTop(text.slice(open + 1, text.endsWith(']') ? -1 : undefined), ',')
  return { name: dotted.slice(dotted.lastIndexOf('.') + 1), args }
}

const transparent = new Set([
  'Annotated',
  'Final',
  'ClassVar',
  'Required',
  'NotRequired',
  'ReadOnly',
  'Awaitable',
  'Coroutine',
])

/** The members of a union without None, wrappers such as Annotated taken off; and whether None was among them. */
export function typeAlternatives(type: string): { types: string[]; nullable: boolean } {
  const types: string[] = []
  let nullable = false
  const waiting = [type]
  // Each turn takes a wrapper off or ends, and the texts only get shorter.
  for (let text = waiting.shift(); text !== undefined; text = waiting.shift()) {
    const trimmed = text.trim()
    const quoted = /^(['"])([^'"]*)\1$/.exec(trimmed)
    const union = splitTop(trimmed, '|')
    const { name, args } = typeParts(trimmed)
    if (quoted) waiting.unshift(quoted[2] ?? '')
    else if (union.length > 1) waiting.unshift(...union)
    else if (name === 'Union') waiting.unshift(...args)
    else if (name === 'Optional') {
      nullable = true
      waiting.unshift(...args)
    } else if (transparent.has(name) && args.length > 0) {
      waiting.unshift((name === 'Coroutine' ? args.at(-1) : args[0]) ?? '')
    } else if (trimmed === 'None') nullable = true
    else if (trimmed !== '') types.push(trimmed)
  }
  return { types, nullable }
}
