/** The text that a new code node begins with. */

const quoted = (title: string): string => title.replaceAll('\\', '\\\\').replaceAll('"', "'").trim()

/** A function with a typed skeleton and a docstring; it runs as it stands. */
export function codeTemplate(title: string): string {
  return `def main(value: float = 1.0) -> float:
    """${quoted(title)}.

    Each parameter is an input of the node, what is returned is its output.
    """
    return value
`
}
