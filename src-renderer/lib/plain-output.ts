/**
 * Program output as text for people: escape sequences are taken out, a carriage return starts its line
 * over as a terminal would, other control characters are left out. Nothing of it is ever interpreted.
 */

// CSI, OSC (ended by BEL or ST) and the short escapes.
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g
// eslint-disable-next-line no-control-regex -- control characters are what is taken out here
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g

export function plainOutput(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  return lines
    .map((line) => {
      const clean = line.replace(ESCAPES, '')
      const written = clean.split('\r').filter((part) => part !== '')
      return (written.at(-1) ?? '').replace(CONTROLS, '')
    })
    .join('\n')
}
