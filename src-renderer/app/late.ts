/** All that the first picture does without: the workbench, the palette, the commands. One chunk of its own. */
export { registerAppCommands } from './app-commands.ts'
export { CommandPalette } from './command-palette.tsx'
export { Workbench } from './workbench.tsx'
