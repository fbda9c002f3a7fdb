/**
 * Versions and specifiers as Python packages write them (PEP 440), as far as `requires-python`,
 * dependencies and markers need them.
 */
interface Version {
  readonly epoch: number
  readonly release: readonly number[]
  /** Sorts a pre-release before its release and a post-release after it. */
  readonly stage: readonly [number, number]
}

const versionPattern =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|alpha|b|beta|c|rc|pre|preview)[-_.]?(\d*))?(?:[-_.]?(post|rev|r)[-_.]?(\d*)|-(\d+))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?$/i

const stageRank: Record<string, number> = { a: -3, alpha: -3, b: -2, beta: -2, c: -1, rc: -1, pre: -1, preview: -1 }

/** Null where the text is no version. */
function parseVersion(text: string): Version | null {
  const match = versionPattern.exec(text.trim())
  if (!match) return null
  const [, epoch, release = '0', pre, preNumber, post, postNumber, dashPost, dev, devNumber] = match
  const stage: [number, number] = pre
    ? [stageRank[pre.toLowerCase()] ?? -1, Number(preNumber || 0)]
    : post || dashPost
      ? [1, Number(postNumber || dashPost || 0)]
      : dev
        ? [-4, Number(devNumber || 0)]
        : [0, 0]
  return { epoch: Number(epoch ?? 0), release: release.split('.').map(Number), stage }
}

function compare(a: Version, b: Version): number {
  if (a.epoch !== b.epoch) return a.epoch - b.epoch
  const length = Math.max(a.release.length, b.release.length)
  for (let index = 0; index < length; index++) {
    const difference = (a.release[index] ?? 0) - (b.release[index] ?? 0)
    if (difference !== 0) return difference
  }
  return a.stage[0] - b.stage[0] || a.stage[1] - b.stage[1]
}

/** Below, equal, above zero; null where one of them is no version. */
export function compareVersions(a: string, b: string): number | null {
  const [left, right] = [parseVersion(a), parseVersion(b)]
  return left && right ? compare(left, right) : null
}

const beginsWith = (version: Version, prefix: readonly number[]): boolean =>
  prefix.every((part, index) => (version.release[index] ?? 0) === part)

/**
 * Whether `version` fits `specifiers` (`>=3.9,<4`). Empty specifiers fit everything; a specifier that
 * cannot be read fits nothing.
 */
export function satisfies(version: string, specifiers: string): boolean {
  const actual = parseVersion(version)
  if (!actual) return specifiers.trim() === ''
  return specifiers
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .every((one) => fits(actual, version, one))
}

function fits(actual: Version, text: string, specifier: string): boolean {
  const match = /^(===|~=|==|!=|<=|>=|<|>)\s*(\S+)$/.exec(specifier)
  const [, operator, wanted] = match ?? []
  if (operator === undefined || wanted === undefined) return false
  if (operator === '===') return text.trim() === wanted
  if (wanted.endsWith('.*')) {
    const prefix = parseVersion(wanted.slice(0, -2))
    if (!prefix || (operator !== '==' && operator !== '!=')) return false
    return beginsWith(actual, prefix.release) === (operator === '==')
  }
  const target = parseVersion(wanted)
  if (!target) return false
  const order = compare(actual, target)
  switch (operator) {
    case '==':
      return order === 0
    case '!=':
      return order !== 0
    case '<=':
      return order <= 0
    case '>=':
      return order >= 0
    case '<':
      // `<3.9` does not mean a pre-release of 3.9.
      return order < 0 && !(actual.stage[0] < 0 && target.stage[0] === 0 && sameRelease(actual, target))
    case '>':
      return order > 0 && !(actual.stage[0] > 0 && target.stage[0] === 0 && sameRelease(actual, target))
    case '~=':
      return target.release.length > 1 && order >= 0 && beginsWith(actual, target.release.slice(0, -1))
    default:
      return false
  }
}

const sameRelease = (a: Version, b: Version): boolean => compare({ ...a, stage: [0, 0] }, { ...b, stage: [0, 0] }) === 0
