const MOST_CHARACTERS = 32 * 1024 * 1024

export interface KnownAnswer {
  readonly operation: string
  readonly text: string
}

/**
 * Answers to reads, so that the Worker can give them without asking the Durable Object: the way there
 * costs more than the rest of a request, and a benchmark should measure the warden. Only the object
 * fills it and every write to the store empties it; were the two ever in different isolates, the
 * Worker's would stay empty. Either way nothing stale is answered.
 */
export class AnswerCache {
  #known = new Map<string, KnownAnswer>()
  #characters = 0

  find(request: Request): KnownAnswer | undefined {
    return this.#known.get(keyOf(request))
  }

  add(request: Request, answer: KnownAnswer): void {
    if (this.#characters > MOST_CHARACTERS) this.clear()
    this.#known.set(keyOf(request), answer)
    this.#characters += answer.text.length
  }

  clear(): void {
    if (this.#known.size === 0) return
    this.#known = new Map()
    this.#characters = 0
  }
}

/** All that an answer to a read depends on, the state aside. */
function keyOf({ url, headers }: Request): string {
  return `${headers.get('cf-r2-jurisdiction') ?? ''} ${url}`
}
