/** A line that says how far long work has come. It is for somebody who watches: a pipe gets nothing of it. */
export class Progress {
  readonly #terminal: Pick<NodeJS.WriteStream, 'write'> | null

  constructor(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>) {
    this.#terminal = stream.isTTY === true ? stream : null
  }

  say(text: string): void {
    this.#terminal?.write(`${CLEAR}${text}`)
  }

  end(): void {
    this.#terminal?.write(CLEAR)
  }
}

const CLEAR = '\r\u001b[2K'
