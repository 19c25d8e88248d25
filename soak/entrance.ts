/** Where the warden is at present. While it is down, whoever asks waits. */
export class Entrance {
  #where = Promise.withResolvers<string | null>()
  #isOver = false

  open(url: string): void {
    this.#where.resolve(url)
  }

  /** The warden is about to be killed. */
  close(): void {
    if (!this.#isOver) this.#where = Promise.withResolvers()
  }

  /** It doesn't come back: whoever waits gets `null`. */
  end(): void {
    this.#isOver = true
    this.#where.resolve(null)
    this.#where = Promise.withResolvers()
    this.#where.resolve(null)
  }

  get isOver(): boolean {
    return this.#isOver
  }

  get url(): Promise<string | null> {
    return this.#where.promise
  }
}
