/** From a key press to a command: chords as text, one listener for the page. */
import { allCommands, runCommand, type Command } from './commands.ts'

const isMac = navigator.platform.startsWith('Mac')

/** `Ctrl+Shift+P` for a key event; `Ctrl` stands for Cmd on macOS. */
export function chordOf(
  event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
): string {
  const parts: string[] = []
  if (isMac ? event.metaKey : event.ctrlKey) parts.push('Ctrl')
  if (event.altKey) parts.push('Alt')
  // Shift is part of a printed sign ("+", "?") and only named for letters and named keys.
  const named = event.key.length > 1 || /^[a-z]$/i.test(event.key)
  if (event.shiftKey && named) parts.push('Shift')
  const key = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toUpperCase() : event.key
  parts.push(key)
  return parts.join('+')
}

/** The focus is where typing belongs: a field, or the code editor. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.closest('.monaco-editor') !== null ||
    (target.matches('input, textarea, select') && !target.matches('[type=checkbox], [type=radio], [type=button]')))

const mayRun = (command: Command, target: EventTarget | null): boolean => {
  if (command.scope === 'global') return true
  if (isTyping(target)) return false
  if (document.querySelector('[role=dialog], [role=menu]') !== null) return false
  if (command.scope === 'canvas') return target instanceof Element && target.closest('[role=application]') !== null
  return true
}

/** Dispatches key presses to commands; dispose the result to stop. */
export function startKeymap(): { dispose(): void } {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return
    const chord = chordOf(event)
    for (const command of allCommands()) {
      if (!command.keys?.includes(chord) || !mayRun(command, event.target)) continue
      if (runCommand(command.id)) {
        event.preventDefault()
        event.stopPropagation()
        return
      }
    }
  }
  // Capture, so that global commands reach us before the editor takes the key.
  window.addEventListener('keydown', onKeyDown, { capture: true })
  return { dispose: () => window.removeEventListener('keydown', onKeyDown, { capture: true }) }
}

/** A chord as the person's keyboard names it. */
export const chordLabel = (chord: string): string =>
  isMac
    ? chord.replace('Ctrl+', '⌘').replace('Alt+', '⌥').replace('Shift+', '⇧')
    : chord.replace('Arrow', '').replaceAll('+', ' ')
