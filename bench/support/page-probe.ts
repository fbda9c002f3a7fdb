/** What the benches need to see inside a page: when something was painted, clicked, sent and received. */

/** Times are Unix milliseconds with fractions. */
export interface PageProbe {
  firstPaint(): Promise<number>
  /** Resolves after the frame that shows every one of `texts` inside `selector`. */
  painted(selector: string, texts: readonly string[]): Promise<number>
  /** Resolves after the frame in which a button with this text can be pressed. */
  pressable(text: string): Promise<number>
  /** From now on waits for the first match of `pattern` in `selector` to be another one; `changed` tells when. */
  expectChange(selector: string, pattern: string): void
  /** Resolves after the frame that shows the expected change. */
  changed(): Promise<number>
  /** Bytes of the scripts that had arrived by `at`, unpacked. */
  scriptBytes(at: number): number
  /** When the last click or key press happened, as the browser stamped it. */
  lastInput(): number
  /** When a message with this text was last sent or received over a WebSocket; 0 when never. */
  lastMessage(text: string): number
}

declare global {
  interface Window {
    benchProbe: PageProbe
  }
}

/** Runs in the page before its own scripts, so it may use nothing from outside itself. */
export const installProbe = (watched: readonly string[]): void => {
  const now = (): number => performance.timeOrigin + performance.now()
  const afterPaint = (): Promise<number> =>
    new Promise((done) => {
      requestAnimationFrame(() => {
        const channel = new MessageChannel()
        channel.port1.onmessage = () => done(now())
        channel.port2.postMessage(null)
      })
    })
  const until = (isTrue: () => boolean): Promise<number> =>
    new Promise((done, fail) => {
      if (isTrue()) return done(afterPaint())
      const observer = new MutationObserver(() => {
        if (!isTrue()) return
        observer.disconnect()
        clearTimeout(deadline)
        done(afterPaint())
      })
      const deadline = setTimeout(() => {
        observer.disconnect()
        fail(new Error(`The page did not show within 20 s what was waited for: ${isTrue.toString()}`))
      }, 20_000)
      observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true })
    })
  const textOf = (selector: string): string => {
    const found = document.querySelector<HTMLElement>(selector)
    return (found?.textContent ?? '').replaceAll('\u00A0', ' ')
  }

  let change: Promise<number> = Promise.reject(new Error('No change was expected.'))
  change.catch(() => undefined)

  let input = 0
  for (const kind of ['click', 'keydown']) {
    window.addEventListener(kind, (event) => (input = performance.timeOrigin + event.timeStamp), true)
  }

  const messages = new Map<string, number>()
  const note = (data: unknown): void => {
    if (typeof data !== 'string') return
    const at = now()
    for (const text of watched) if (data.includes(text)) messages.set(text, at)
  }
  const followed = new WeakSet<WebSocket>()
  // oxlint-disable-next-line typescript/unbound-method -- called with its socket below
  const send = WebSocket.prototype.send
  WebSocket.prototype.send = function (this: WebSocket, data) {
    if (!followed.has(this)) {
      followed.add(this)
      this.addEventListener('message', (event: MessageEvent<unknown>) => note(event.data))
    }
    note(data)
    send.call(this, data)
  }

  window.benchProbe = {
    firstPaint: () =>
      new Promise((done) => {
        // The entry comes only after the frame was shown.
        const observer = new PerformanceObserver((list) => {
          const entry = list.getEntriesByName('first-contentful-paint')[0]
          if (entry === undefined) return
          observer.disconnect()
          done(performance.timeOrigin + entry.startTime)
        })
        observer.observe({ type: 'paint', buffered: true })
      }),
    painted: (selector, texts) => until(() => texts.every((text) => textOf(selector).includes(text))),
    pressable: (text) =>
      until(() =>
        [...document.querySelectorAll('button')].some(
          (button) => button.textContent.includes(text) && !button.disabled && button.ariaDisabled !== 'true',
        ),
      ),
    expectChange(selector, pattern) {
      const find = (): string | undefined => new RegExp(pattern).exec(textOf(selector))?.[0]
      const before = find()
      change = until(() => {
        const after = find()
        return after !== undefined && after !== before
      })
      // Whoever asks for it hears of a failure.
      change.catch(() => undefined)
    },
    changed: () => change,
    scriptBytes: (at) =>
      performance
        .getEntriesByType('resource')
        .filter((entry) => entry instanceof PerformanceResourceTiming)
        .filter(({ name, responseEnd }) => name.endsWith('.js') && performance.timeOrigin + responseEnd <= at)
        .reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0),
    lastInput: () => input,
    lastMessage: (text) => messages.get(text) ?? 0,
  }
}
