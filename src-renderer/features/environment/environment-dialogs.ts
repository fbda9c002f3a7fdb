/** The two questions a run may have to ask first: install packages, or mend the environment. */
import { create } from 'zustand'

export type EnvironmentQuestion =
  | { readonly kind: 'packages'; readonly packages: readonly string[]; readonly then: () => void }
  | { readonly kind: 'repair'; readonly then: () => void }

export const useQuestion = create<{ readonly question: EnvironmentQuestion | null }>(() => ({ question: null }))

/** Asks once for all packages; `then` is called when they are installed. */
export const askForPackages = (packages: readonly string[], then: () => void): void =>
  useQuestion.setState({ question: { kind: 'packages', packages, then } })

/** Offers to make the environment anew; `then` is called when it is ready. */
export const offerRepair = (then: () => void): void => useQuestion.setState({ question: { kind: 'repair', then } })

export const closeQuestion = (): void => useQuestion.setState({ question: null })
