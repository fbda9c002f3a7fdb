/** The parts of the workbench that F6 goes through, in the order they lie on the screen. */
import { canvasController } from '../features/canvas/index.ts'
import { focusEditor, useEditor } from '../features/editor/index.ts'

interface Region {
  readonly selector: string
  readonly focus: (element: HTMLElement) => void
}

const FOCUSABLE =
  'button:not(:disabled):not([tabindex="-1"]), input:not(:disabled), select, textarea, [tabindex="0"], a[href]'

const focusFirst = (element: HTMLElement): void => element.querySelector<HTMLElement>(FOCUSABLE)?.focus()

export const regions = {
  title: { selector: '.title-bar', focus: focusFirst },
  activity: { selector: '.activity-bar', focus: focusFirst },
  side: { selector: '.side-panel', focus: focusFirst },
  canvas: { selector: '.canvas', focus: () => canvasController()?.focusElement() },
  code: {
    selector: '.code-area',
    focus: (element) => {
      if (useEditor.getState().active === null) focusFirst(element)
      else void focusEditor()
    },
  },
  panel: { selector: '.bottom-panel', focus: focusFirst },
  status: { selector: '.status-bar', focus: focusFirst },
} as const satisfies Record<string, Region>

/** Puts the focus into a region that is shown; false when it is hidden. */
export function focusRegion(name: keyof typeof regions): boolean {
  const region: Region = regions[name]
  const element = document.querySelector<HTMLElement>(region.selector)
  if (!element) return false
  region.focus(element)
  return true
}

/** Goes to the next shown region, or the one before; hidden and empty ones are passed over. */
export function moveRegion(step: 1 | -1): void {
  const shown = Object.values<Region>(regions).flatMap((region) => {
    const element = document.querySelector<HTMLElement>(region.selector)
    return element ? [{ region, element }] : []
  })
  const from = shown.findIndex(({ element }) => element.contains(document.activeElement))
  for (let tried = 1; tried <= shown.length; tried += 1) {
    const start = from < 0 ? (step > 0 ? -1 : 0) : from
    const next = shown[(start + step * tried + shown.length * 2) % shown.length]
    if (!next) return
    next.region.focus(next.element)
    // The editor takes the focus a moment later.
    const editorWill = next.region === regions.code && useEditor.getState().active !== null
    if (editorWill || next.element.contains(document.activeElement)) return
  }
}
