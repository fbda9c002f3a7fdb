/** Which of the themes is on: the person's choice, else what the system prefers. */
import { z } from 'zod'
import { create } from 'zustand'
import { host } from '../host/index.ts'

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

const PREFERENCE = 'theme'
const zChoice = z.enum(['system', 'dark', 'light'])

/** Takes the choice over and remembers it. */
export function chooseTheme(choice: ThemeChoice): void {
  apply(choice)
  // Not being able to remember it is nothing to interrupt a person for.
  host.request('app.writePreference', { key: PREFERENCE, json: JSON.stringify(choice) }).catch(() => undefined)
}

/** Takes over what was remembered; anything that does not fit is ignored. */
export function restoreTheme(preferences: Readonly<Record<string, string>>): void {
  const choice = zChoice.safeParse(preferences[PREFERENCE]?.replaceAll('"', ''))
  if (choice.success) apply(choice.data)
}

/** Applies the theme now and follows the system from here on. Call once, before the first render. */
export function startTheme(): void {
  apply('system')
  prefersLight.addEventListener('change', () => apply(useTheme.getState().choice))
}
