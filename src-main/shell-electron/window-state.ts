/** Where the window was, kept between starts. */
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { screen, type BrowserWindow, type Rectangle } from 'electron'
import { z } from 'zod'
import { writeFileAtomic } from '../base/atomic-write.ts'
import { makeFolder } from '../base/file-changes.ts'
import type { WindowPlace } from './window-options.ts'

const zState = z.object({
  bounds: z.object({
    x: z.number().int(),
    y: z.number().int(),
    width: z.number().int().min(200),
    height: z.number().int().min(200),
  }),
  maximized: z.boolean(),
})

/** A place from an earlier start, unless it would be on a screen that is gone. */
export function readWindowPlace(file: string): WindowPlace {
  try {
    const { bounds, maximized } = zState.parse(JSON.parse(readFileSync(file, 'utf8')))
    return {
      bounds: isVisible(
        bounds,
        screen.getAllDisplays().map((display) => display.workArea),
      )
        ? bounds
        : null,
      maximized,
    }
  } catch {
    return { bounds: null, maximized: false }
  }
}

export async function writeWindowPlace(file: string, window: BrowserWindow): Promise<void> {
  const state = { bounds: window.getNormalBounds(), maximized: window.isMaximized() }
  await makeFolder(dirname(file))
  await writeFileAtomic(file, JSON.stringify(state))
}

/** Enough of the title bar lies on one of the screens to take hold of it. */
export const isVisible = (bounds: Rectangle, areas: readonly Rectangle[]): boolean =>
  areas.some(
    (area) =>
      Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x) >= 100 &&
      bounds.y >= area.y - 10 &&
      bounds.y <= area.y + area.height - 40,
  )
