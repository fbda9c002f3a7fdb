/**
 * Tickets for the address that is handed to the system's browser. A program's arguments can be read by
 * every user of the machine, so that address carries a ticket instead of the token: it is good once, for
 * a short time, and is exchanged for the token by the page.
 */
import { createToken } from './access.ts'

const LIFE_MS = 120_000

export class Tickets {
  readonly #now: () => number
  readonly #until = new Map<string, number>()

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  issue(): string {
    const ticket = createToken()
    this.#until.set(ticket, this.#now() + LIFE_MS)
    return ticket
  }

  /** True once for each ticket, while it lives. */
  redeem(ticket: string | null): boolean {
    if (ticket === null) return false
    const until = this.#until.get(ticket)
    this.#until.delete(ticket)
    return until !== undefined && this.#now() <= until
  }
}
