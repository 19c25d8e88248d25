/** The program of a process that serves one Worker until it is killed. What to serve is told by who started it. */
import { Log, LogLevel, Miniflare, type MiniflareOptions } from 'miniflare'

process.once('message', async (options: MiniflareOptions) => {
  const miniflare = new Miniflare({ ...options, log: new Log(LogLevel.WARN) })
  const { origin } = await miniflare.ready
  process.send?.(origin)
})
// Whoever started it may end without a word; nothing of it stays behind then.
process.once('disconnect', () => process.exit())
