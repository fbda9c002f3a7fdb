/** Whether the search-and-command box is open. */
import { create } from 'zustand'

export const usePalette = create<{ readonly open: boolean }>(() => ({ open: false }))

export const openPalette = (): void => usePalette.setState({ open: true })
export const closePalette = (): void => usePalette.setState({ open: false })
