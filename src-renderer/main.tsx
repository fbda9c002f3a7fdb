/** The page's start: theme, keys, the first picture, then the host. */
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { startKeymap } from './app/keymap.ts'
import { startSession } from './app/session.ts'
import { startTheme } from './app/theme.ts'

startTheme()
startKeymap()
startSession()

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no place to draw in.')
createRoot(root).render(<App />)
