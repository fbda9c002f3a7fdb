/** Which dialog of the start page is open; commands open them from anywhere. */
import { create } from 'zustand'

type WelcomeDialog = 'new' | 'open' | null

export const useWelcome = create<{ readonly dialog: WelcomeDialog }>(() => ({ dialog: null }))

export const newProject = (): void => useWelcome.setState({ dialog: 'new' })
export const pickProject = (): void => useWelcome.setState({ dialog: 'open' })
export const closeDialog = (): void => useWelcome.setState({ dialog: null })
