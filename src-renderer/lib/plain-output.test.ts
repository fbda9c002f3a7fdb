import { expect, test } from 'vitest'
import { plainOutput } from './plain-output.ts'

test.each([
  ['colours', '\u001b[1;31mred\u001b[0m text', 'red text'],
  ['a window title', '\u001b]0;title\u0007text', 'text'],
  ['a link', '\u001b]8;;https://example.com\u001b\\name\u001b]8;;\u001b\\', 'name'],
  ['clipboard writing', '\u001b]52;c;aGk=\u0007x', 'x'],
  ['control characters', 'a\u0000b\u0008c\u007f', 'abc'],
  ['a progress line', '10 %\r50 %\r100 %\ndone', '100 %\ndone'],
  ['Windows line ends', 'a\r\nb\r\n', 'a\nb\n'],
  ['tabs and other scripts', 'a\tβ 🙂', 'a\tβ 🙂'],
])('%s', (_name, given, shown) => {
  expect(plainOutput(given)).toBe(shown)
})
