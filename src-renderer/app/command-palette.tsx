/** The box in the middle of the title bar, opened: commands with their keys, nodes of the flow, files. */
import { Command as Menu } from 'cmdk'
import { FileCode, FileText, SquareChevronRight } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import { useState, type ReactNode } from 'react'
import { KindIcon, revealNode } from '../features/canvas/index.ts'
import { currentFlow, titleOf } from '../features/document/index.ts'
import { openProjectNow } from '../features/project/index.ts'
import { allCommands, runCommand } from './commands.ts'
import { chordLabel } from './keymap.ts'
import { openAt } from './open-code.ts'
import { rank } from './palette-ranking.ts'
import { closePalette, openPalette, usePalette } from './palette-store.ts'
import './command-palette.css'

interface Entry {
  readonly id: string
  readonly title: string
  /** At the right: what it belongs to. */
  readonly hint: string
  readonly keys: string | null
  readonly icon: ReactNode
  readonly disabled: boolean
  readonly run: () => void
}

interface Section {
  readonly title: string
  readonly entries: readonly Entry[]
}

/** Entries of one section that are shown; typing narrows further. */
const MOST = 50

function sections(query: string): Section[] {
  const best = (entries: readonly Entry[]): Entry[] =>
    entries
      .map((entry) => ({ entry, score: rank(query, entry.title, entry.hint) }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, MOST)
      .map(({ entry }) => entry)
  const session = currentFlow()
  const nodes = Object.entries(session?.state.document.nodes ?? {}).map(([id, node]): Entry => {
    const title = titleOf(id, node)
    return {
      id: `node:${id}`,
      title,
      hint: title === id ? node.kind : id,
      keys: null,
      icon: <KindIcon kind={node.kind} />,
      disabled: false,
      run: () => void revealNode(id),
    }
  })
  const files = (openProjectNow()?.files ?? [])
    .filter((file) => file.kind === 'file')
    .map(({ path }): Entry => ({
      id: `file:${path}`,
      title: path,
      hint: '',
      keys: null,
      icon: path.endsWith('.py') ? <FileCode aria-hidden /> : <FileText aria-hidden />,
      disabled: false,
      run: () => void openAt(path, null),
    }))
  const commands = allCommands().map((command): Entry => ({
    id: `command:${command.id}`,
    title: command.title,
    hint: command.category,
    keys: command.keys?.[0] ?? null,
    icon: <SquareChevronRight aria-hidden />,
    disabled: command.when?.() === false,
    run: () => void runCommand(command.id),
  }))
  const found = [
    { title: 'Nodes', entries: best(nodes) },
    { title: 'Files', entries: best(files) },
    { title: 'Commands', entries: best(commands) },
  ].filter(({ entries }) => entries.length > 0)
  // Commands come first until something is typed: they are what cannot be seen elsewhere.
  return query.trim() === '' ? found.reverse() : found
}

export function CommandPalette(): ReactNode {
  const open = usePalette((state) => state.open)
  return (
    <Radix.Root open={open} onOpenChange={(to) => (to ? openPalette() : closePalette())}>
      <Radix.Portal>
        <Radix.Overlay className="palette-veil" />
        <Radix.Content className="palette" aria-describedby={undefined}>
          <Radix.Title className="visually-hidden">Search nodes, code, commands</Radix.Title>
          <PaletteBox />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

function PaletteBox(): ReactNode {
  const [query, setQuery] = useState('')
  // Null: the best match, which what is typed next goes to again.
  const [chosen, setChosen] = useState<string | null>(null)
  const shown = sections(query)
  const first = shown[0]?.entries[0]?.id ?? ''
  const run = (entry: Entry): void => {
    closePalette()
    // The dialog gives the focus back first; a command may then move it on.
    setTimeout(entry.run, 0)
  }
  return (
    <Menu
      label="Search nodes, code, commands"
      shouldFilter={false}
      value={chosen ?? first}
      onValueChange={setChosen}
      loop
    >
      <Menu.Input
        className="palette-input"
        placeholder="Search nodes, code, commands"
        value={query}
        onValueChange={(text) => {
          setQuery(text)
          setChosen(null)
        }}
      />
      <Menu.List className="palette-list">
        {shown.length === 0 ? (
          <p className="palette-none">Nothing has that name. Try a node’s title, a file or what you want to do.</p>
        ) : null}
        {shown.map(({ title, entries }) => (
          <Menu.Group key={title} heading={title}>
            {entries.map((entry) => (
              <Menu.Item
                key={entry.id}
                value={entry.id}
                className="palette-item"
                disabled={entry.disabled}
                onSelect={() => run(entry)}
              >
                {entry.icon}
                <span className="palette-title">{entry.title}</span>
                <small>{entry.hint}</small>
                {entry.keys === null ? null : <kbd>{chordLabel(entry.keys)}</kbd>}
              </Menu.Item>
            ))}
          </Menu.Group>
        ))}
      </Menu.List>
    </Menu>
  )
}
