/** Which of the themes is on: the person's choice, else what the system prefers. */
import { create } from 'zustand'

export type ThemeChoice = 'system' | 'dark' | 'light'
export type ThemeName = 'dark' | 'light'

interface ThemeState {
  readonly choice: ThemeChoice
  readonly theme: ThemeName
}

const prefersLight = window.matchMedia('(prefers-color-scheme: light)')
const resolve = (choice: ThemeChoice): ThemeName =>
  choice === 'system' ? (prefersLight.matches ? 'light' : 'dark') : choice

export const useTheme = create<ThemeState>(() => ({ choice: 'system', theme: resolve('system') }))

const apply = (choice: ThemeChoice): void => {
  const theme = resolve(choice)
  document.documentElement.dataset['theme'] = theme
  useTheme.setState({ choice, theme })
}

export const chooseTheme = (choice: ThemeChoice): void => apply(choice)

/** Applies the theme now and follows the system from here on. Call once, before the first render. */
export function startTheme(): void {
  apply('system')
  prefersLight.addEventListener('change', () => apply(useTheme.getState().choice))
}
