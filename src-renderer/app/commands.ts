/**
 * Every action of the page is a named command: in the palette, on keys, in menus. Features register
 * theirs here; nothing binds keys of its own.
 */
export interface Command {
  /** `canvas.fit`, `run.flow`: category, dot, verb. */
  readonly id: string
  /** As a person reads it in the palette: "Fit the flow in view". */
  readonly title: string
  /** Groups the palette: "Canvas", "Run". */
  readonly category: string
  /** Key chords, the first one shown: `Ctrl+Enter` (`Ctrl` is Cmd on macOS), `F2`, `Alt+ArrowUp`. */
  readonly keys?: readonly string[]
  /**
   * Where its keys work. `global` ones also work while a field or the code editor has the focus;
   * `canvas` ones only while the canvas has it. Absent: anywhere but in fields and the editor.
   */
  readonly scope?: 'global' | 'canvas'
  /** False: the command is shown but cannot run now. Absent: always. */
  readonly when?: () => boolean
  readonly run: () => void | Promise<void>
}

const commands = new Map<string, Command>()

/** Adds commands; dispose the result to take them out again. An id may exist once. */
export function registerCommands(list: readonly Command[]): { dispose(): void } {
  for (const command of list) {
    if (commands.has(command.id)) throw new Error(`The command ${command.id} is registered twice.`)
    commands.set(command.id, command)
  }
  return {
    dispose() {
      for (const command of list) if (commands.get(command.id) === command) commands.delete(command.id)
    },
  }
}

/** All commands, in order of registration. */
export const allCommands = (): readonly Command[] => [...commands.values()]

export const findCommand = (id: string): Command | undefined => commands.get(id)

/** Runs a command if it exists and can run now; says whether it did. */
export function runCommand(id: string): boolean {
  const command = commands.get(id)
  if (!command || command.when?.() === false) return false
  void command.run()
  return true
}
