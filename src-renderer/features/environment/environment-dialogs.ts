/** The two questions a run may have to ask first: install packages, or mend the environment. */
import { create } from 'zustand'

export type EnvironmentQuestion =
  | { readonly kind: 'packages'; readonly packages: readonly string[]; readonly onReady: () => void }
  | { readonly kind: 'repair'; readonly onReady: () => void }

export const useQuestion = create<{ readonly question: EnvironmentQuestion | null }>(() => ({ question: null }))

/** Asks once for all packages; `onReady` is called when they are installed. */
export const askForPackages = (packages: readonly string[], onReady: () => void): void =>
  useQuestion.setState({ question: { kind: 'packages', packages, onReady } })

/** Offers to make the environment anew; `onReady` is called when it is ready. */
export const offerRepair = (onReady: () => void): void =>
  useQuestion.setState({ question: { kind: 'repair', onReady } })

export const closeQuestion = (): void => useQuestion.setState({ question: null })
