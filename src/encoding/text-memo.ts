/** In characters, of all keys together: an isolate has 128 MB, and what is made of a text is a few times its size. */
const MAX_CHARACTERS = 2_000_000
/** Longer texts are seldom seen again, and are worth no room. */
const MAX_LENGTH = 8_192

/**
 * What was made of texts before, for what is a pure function of its text: most reads find what the last one found. It
 * holds nothing of who asked. When it is full, it begins anew.
 */
export class TextMemo<T> {
  readonly #make: (text: string) => T
  readonly #known = new Map<string, T>()
  #characters = 0

  constructor(make: (text: string) => T) {
    this.#make = make
  }

  get(text: string): T {
    const found = this.#known.get(text)
    if (found !== undefined) return found
    const made = this.#make(text)
    if (text.length > MAX_LENGTH) return made
    this.#characters += text.length
    if (this.#characters > MAX_CHARACTERS) {
      this.#known.clear()
      this.#characters = text.length
    }
    this.#known.set(text, made)
    return made
  }
}
