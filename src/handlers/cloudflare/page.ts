import type { Answer } from '../handler.ts'

interface PageAsked {
  readonly page: number
  readonly per_page: number
}

/** One page of a list that the warden has in full. Beyond the last there is nothing: then a client stops asking. */
export function pageOf(all: readonly unknown[], { page, per_page }: PageAsked): Answer {
  const result = all.slice((page - 1) * per_page, page * per_page)
  const total_pages = Math.max(1, Math.ceil(all.length / per_page))
  return {
    result,
    result_info: { page, per_page, count: result.length, total_count: all.length, total_pages },
  }
}
