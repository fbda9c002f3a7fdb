import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** The first of `names` found on PATH, then the first of `places` (full paths) that can be run. */
export const findProgram = (names: readonly string[], places: readonly string[] = []): string | undefined => {
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd', ''] : ['']
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  for (const name of names) {
    for (const folder of folders) {
      const found = suffixes.map((suffix) => join(folder, name + suffix)).find(isProgram)
      if (found !== undefined) return found
    }
  }
  return places.find(isProgram)
}
