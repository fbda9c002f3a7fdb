import { expect, test } from 'vitest'
import { tracebackParts } from './traceback-parts.ts'

const places = (traceback: string, root: string | null) =>
  tracebackParts(traceback, root).flatMap(({ place }) => (place ? [place] : []))
const text = (traceback: string, root: string | null) =>
  tracebackParts(traceback, root)
    .map((part) => part.text)
    .join('')

test('frames in the project are places, by their relative path', () => {
  const traceback = 'Traceback:\n  File "/home/a/wine/nodes/fit.py", line 17, in main\nKeyError'
  expect(places(traceback, '/home/a/wine')).toEqual([{ file: 'nodes/fit.py', line: 17 }])
  expect(text(traceback, '/home/a/wine')).toBe('Traceback:\n  File "nodes/fit.py", line 17, in main\nKeyError')
})

test('relative frames are places without knowing the folder', () => {
  expect(places('File "nodes/a.py", line 2', null)).toEqual([{ file: 'nodes/a.py', line: 2 }])
})

test.each([
  'File "/usr/lib/python3/json.py", line 1',
  'File "/home/a/wine/.venv/lib/pandas/frame.py", line 2',
  'File "/home/a/wine2/nodes/fit.py", line 3',
  'File "<frozen importlib>", line 4',
])('%s is no place', (line) => {
  expect(places(line, '/home/a/wine')).toEqual([])
  expect(text(line, '/home/a/wine')).toBe(line)
})

test('backslashes and drive letters are the same folder', () => {
  expect(places('File "C:\\\\w\\\\nodes\\\\a.py", line 5'.replaceAll('\\\\', '\\'), 'C:\\w')).toEqual([
    { file: 'nodes/a.py', line: 5 },
  ])
})
