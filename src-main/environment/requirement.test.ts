import { assert, constantFrom, oneof, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareVersions, satisfies } from './python-version.ts'
import { checkedPackages, markerHolds, parseRequirement } from './requirement.ts'

describe('versions', () => {
  it('sort as Python packages do', () => {
    const sorted = ['1.0.dev1', '1.0a1', '1.0b2', '1.0rc1', '1.0', '1.0.post1', '1.0.1', '1.2', '1.10', '1!0.1']
    const shuffled = [...sorted].reverse().sort((a, b) => compareVersions(a, b) ?? 0)
    expect(shuffled).toEqual(sorted)
    expect(compareVersions('1.0', '1.0.0')).toBe(0)
    expect(compareVersions('1.0', 'x')).toBeNull()
  })

  it.each([
    ['3.11.7', '>=3.9', true],
    ['3.11.7', '>=3.9,<4', true],
    ['3.9.18', '>=3.10', false],
    ['3.10.0', '>3.9', true],
    ['3.11.7', '==3.11.*', true],
    ['3.11.7', '!=3.11.*', false],
    ['3.11.7', '~=3.9', true],
    ['3.11.7', '~=3.11.2', true],
    ['3.12.0', '~=3.11.2', false],
    ['2.0rc1', '<2.0', false],
    ['1.0.post1', '>1.0', false],
    ['1.0', '===1.0', true],
    ['1.0', '', true],
    ['1.0', '=>1', false],
    ['1.26.4', '>=1.26,!=1.26.3', true],
  ])('%s fits %s: %s', (version, specifiers, fits) => {
    expect(satisfies(version, specifiers)).toBe(fits)
  })
})

describe('requirements', () => {
  it.each([
    ['six', { name: 'six', extras: [], specifiers: '', marker: null }],
    [
      'Uvicorn[standard, x] >=0.3,<1 ; python_version < "3.12"',
      { name: 'Uvicorn', extras: ['standard', 'x'], specifiers: '>=0.3,<1', marker: 'python_version < "3.12"' },
    ],
    ['a (>=1)', { name: 'a', extras: [], specifiers: '>=1', marker: null }],
    ['a @ https://x/y.whl', { name: 'a', extras: [], specifiers: '', marker: null }],
  ])('are read: %s', (text, requirement) => {
    expect(parseRequirement(text)).toEqual(requirement)
  })

  const facts = { pythonVersion: '3.11.7', platform: 'linux', arch: 'x64', extras: ['fast'] } as const
  it.each([
    ['python_version >= "3.9"', true],
    ['python_version < "3.10"', false],
    ["sys_platform == 'win32'", false],
    ["sys_platform != 'win32' and platform_machine == 'x86_64'", true],
    ["(os_name == 'nt' or python_full_version < '4') and extra == 'fast'", true],
    ["extra == 'slow'", false],
    ["platform_machine in 'x86_64 aarch64'", true],
    ["platform_machine not in 'x86_64 aarch64'", false],
    ["os_name == 'nt' and os_name == 'x' or os_name == 'posix'", true],
    ['nonsense', false],
    ["unknown == '1'", false],
    ['(((', false],
  ])('marker %s: %s', (marker, holds) => {
    expect(markerHolds(marker, facts)).toBe(holds)
  })

  it('let no text through that a tool could take for something else', () => {
    assert(
      property(oneof(string(), string({ unit: constantFrom(...'aZ0-._[]=<>!~, ;@/\\:$&|`\n'.split('')) })), (text) => {
        let checked: string | undefined
        try {
          checked = checkedPackages([text])[0]
        } catch {
          return
        }
        expect(checked).toMatch(/^[A-Za-z0-9]/)
        expect(checked).not.toMatch(/[;@/\\:$&|`\n\r]/)
      }),
      { numRuns: 2000 },
    )
    expect(checkedPackages([' numpy ', 'uvicorn[standard]>=0.3, <1', 'a==1.*'])).toEqual([
      'numpy',
      'uvicorn[standard]>=0.3, <1',
      'a==1.*',
    ])
  })
})
