/**
 * Which project this tab or window has open, kept for a reload. Null: nothing is known, the project that
 * the program was started with is opened; '': the person closed the last one.
 */
const KEY = 'nodeloom.project'

export const lastProject = (): string | null => sessionStorage.getItem(KEY)

export const rememberProject = (path: string | null): void => sessionStorage.setItem(KEY, path ?? '')
