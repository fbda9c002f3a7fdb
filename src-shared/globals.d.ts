/** What a browser page and Node both have. Shared code may use these and nothing else of its surroundings. */

/** Name it as `ReturnType<typeof setTimeout>`: a page gives a number, Node an object. */
interface TimerHandle {
  readonly timerHandle: unique symbol
}

declare function setTimeout(callback: () => void, ms?: number): TimerHandle
declare function clearTimeout(timer: TimerHandle | undefined): void
declare function queueMicrotask(callback: () => void): void

declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>
}

declare class TextDecoder {
  constructor(encoding?: string, options?: { fatal?: boolean; ignoreBOM?: boolean })
  decode(bytes?: ArrayBuffer | ArrayBufferView, options?: { stream?: boolean }): string
}

interface AbortSignal {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

declare class AbortController {
  readonly signal: AbortSignal
  abort(): void
}
