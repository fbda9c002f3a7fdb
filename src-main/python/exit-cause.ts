/** Why a worker ended, in user words. */
import { constants } from 'node:os'
import type { SupervisedExit } from '../base/supervised.ts'

/** Words for the signals people meet; the number is always told. */
const meanings: Partial<Record<NodeJS.Signals, string>> = {
  SIGSEGV: 'a crash in native code',
  SIGBUS: 'a crash in native code',
  SIGILL: 'a crash in native code',
  SIGFPE: 'a crash in native code',
  SIGABRT: 'native code gave up',
  SIGXCPU: 'its limit of processor time',
}

/** `inCall`: the worker ended in the middle of a node. */
export function describeExit(exit: SupervisedExit, inCall: boolean): string {
  const place = inCall ? ' in the middle of the node' : ''
  switch (exit.kind) {
    case 'signal': {
      const meaning = meaningOf(exit.signal)
      return `worker died (signal ${exit.signal})${meaning === undefined ? '' : `: ${meaning}`}`
    }
    case 'code':
      return `worker exited with code ${exit.code}${place}`
    case 'not_started':
      return `worker could not be started: ${exit.reason}`
    case 'lost':
      return `worker was lost: ${exit.reason}`
  }
}

function meaningOf(signal: number): string | undefined {
  const name = Object.entries(constants.signals).find(([, number]) => number === signal)?.[0]
  // The keys of os.constants.signals are the names of signals.
  return name === undefined ? undefined : meanings[name as NodeJS.Signals]
}
