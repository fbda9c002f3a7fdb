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
  /** Tabs that stand in the right half of the lower panel, and which of them is in front. */
  bottomRight: z.array(z.enum(bottomTabs)),
  bottomRightTab: z.enum(bottomTabs),
  /** Percent of the lower panel that the right half takes. */
  bottomRightShare: z.number().min(10).max(90),
})
export type Layout = z.infer<typeof zLayout>

const initial: Layout = {
  sideShown: true,
  sideView: 'project',
  codeShown: true,
  bottomShown: true,
  bottomTab: 'result',
  sideWidth: 232,
  // Beside a canvas that still shows a whole flow.
  codeWidth: Math.round(Math.min(452, Math.max(320, window.innerWidth * 0.3))),
  bottomHeight: 240,
  // A wide window has room for the timeline beside the result.
  bottomRight: window.innerWidth >= 1600 ? ['timeline'] : [],
  bottomRightTab: 'timeline',
  bottomRightShare: 45,
}

export const useLayout = create<Layout>(() => initial)

const PREFERENCE = 'layout'
const SAVE_AFTER_MS = 100
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

/** The tabs of a half that are there, and the one in front. */
export function bottomHalf(layout: Layout, half: 'left' | 'right'): { tabs: BottomTab[]; active: BottomTab | null } {
  const tabs = bottomTabs.filter((tab) => layout.bottomRight.includes(tab) === (half === 'right'))
  const wanted = half === 'right' ? layout.bottomRightTab : layout.bottomTab
  return { tabs, active: tabs.includes(wanted) ? wanted : (tabs[0] ?? null) }
}

/** Brings a bottom tab to the front, in the half where it stands. */
export function showBottom(tab: BottomTab): void {
  const right = useLayout.getState().bottomRight.includes(tab)
  changeLayout({ bottomShown: true, ...(right ? { bottomRightTab: tab } : { bottomTab: tab }) })
}

/** Moves a tab into the other half; the left half keeps at least one. */
export function moveBottom(tab: BottomTab): void {
  const { bottomRight } = useLayout.getState()
  if (bottomRight.includes(tab)) {
    changeLayout({ bottomRight: bottomRight.filter((one) => one !== tab), bottomTab: tab })
  } else if (bottomRight.length < bottomTabs.length - 1) {
    changeLayout({ bottomRight: [...bottomRight, tab], bottomRightTab: tab })
  }
}
