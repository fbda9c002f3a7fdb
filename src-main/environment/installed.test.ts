import { describe, expect, it } from 'vitest'
import { missingPackages } from './installed.ts'

const facts = { pythonVersion: '3.11.7', platform: 'linux', arch: 'x64' } as const
const names = (...texts: string[]) =>
  texts.map((text) => {
    const [name = '', version = ''] = text.split('==')
    return { name, version }
  })

/** As uv writes it for Pythons that need different versions of `plot`. */
const lock = `
version = 1
[[package]]
name = "p"
version = "0.1.0"
source = { virtual = "." }
[[package]]
name = "plot"
version = "1.0"
resolution-markers = ["python_full_version < '3.10'"]
dependencies = [{ name = "backport" }]
[[package]]
name = "plot"
version = "2.0"
dependencies = [{ name = "dates" }, { name = "winonly", marker = "sys_platform == 'win32'" }]
[package.optional-dependencies]
fast = [{ name = "speed" }]
[[package]]
name = "backport"
version = "6.5"
[[package]]
name = "dates"
version = "3.1"
dependencies = [{ name = "plot" }]
[[package]]
name = "speed"
version = "1.1"
[[package]]
name = "winonly"
version = "1.0"
`

describe('missing packages', () => {
  it.each([
    ['nothing', ['plot'], names('plot==2.0', 'Dates==3.1'), []],
    ['what the lock says is needed', ['plot'], names('plot==2.0'), ['dates==3.1']],
    ['an extra', ['plot[fast]>=2'], names('plot==2.0', 'dates==3.1'), ['speed==1.1']],
    ['the requirement itself', ['plot>=1'], names('dates==3.1'), ['plot>=1']],
    ['a version that does not fit', ['plot>=3'], names('plot==2.0', 'dates==3.1'), ['plot>=3']],
    ['nothing of another version than the locked', ['plot'], names('plot==2.5'), []],
    ['nothing that is meant for other systems', ['plot ; sys_platform == "win32"'], [], []],
  ])('%s', (_, dependencies, installed, missing) => {
    expect(missingPackages(dependencies, lock, installed, facts)).toEqual(missing)
  })

  it('does without a lock, or with a damaged one', () => {
    for (const text of [null, '[[['])
      expect(missingPackages(['plot', 'x'], text, names('plot==1.0'), facts)).toEqual(['x'])
  })
})
