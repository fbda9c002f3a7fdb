/** Which panels are shown, how large they are, and that this is remembered. Sizes are CSS pixels. */
import { z } from 'zod'
import { create } from 'zustand'
import { host } from '../host/index.ts'

export const sideViews = ['project', 'nodes', 'outline', 'packages'] as const
export type SideView = (typeof sideViews)[number]
export const bottomTabs = ['result', 'output', 'problems', 'timeline', 'environment'] as const
export type BottomTab = (typeof bottomTabs)[number]

const zLayout = z.object({
  sideShown: z.boolean(),
  sideView: z.enum(sideViews),
  codeShown: z.boolean(),
  bottomShown: z.boolean(),
  bottomTab: z.enum(bottomTabs),
  sideWidth: z.number().positive(),
  codeWidth: z.number().positive(),
  bottomHeight: z.number().positive(),
})
export type Layout = z.infer<typeof zLayout>

const initial: Layout = {
  sideShown: true,
  sideView: 'project',
  codeShown: true,
  bottomShown: true,
  bottomTab: 'result',
  sideWidth: 232,
  codeWidth: 440,
  bottomHeight: 240,
}

export const useLayout = create<Layout>(() => initial)

const PREFERENCE = 'layout'
const SAVE_AFTER_MS = 500
let timer: ReturnType<typeof setTimeout> | undefined

/** Changes the layout and remembers it. */
export function changeLayout(part: Partial<Layout>): void {
  useLayout.setState(part)
  clearTimeout(timer)
  timer = setTimeout(() => {
    // Not being able to remember sizes is nothing to interrupt a person for.
    host
      .request('app.writePreference', { key: PREFERENCE, json: JSON.stringify(useLayout.getState()) })
      .catch(() => undefined)
  }, SAVE_AFTER_MS)
}

/** Takes over what was remembered; anything that does not fit is ignored. */
export function restoreLayout(preferences: Readonly<Record<string, string>>): void {
  const json = preferences[PREFERENCE]
  if (json === undefined) return
  try {
    const parsed = zLayout.partial().safeParse(JSON.parse(json))
    if (parsed.success)
      useLayout.setState(Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== undefined)))
  } catch {
    // Not JSON: the preference is from elsewhere; the default layout stands.
  }
}

/** Shows a side view; the one already shown is hidden instead. */
export function toggleSide(view: SideView): void {
  const { sideShown, sideView } = useLayout.getState()
  changeLayout(sideShown && sideView === view ? { sideShown: false } : { sideShown: true, sideView: view })
}

/** Brings a bottom tab to the front. */
export const showBottom = (tab: BottomTab): void => changeLayout({ bottomShown: true, bottomTab: tab })
