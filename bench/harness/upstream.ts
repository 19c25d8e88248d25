/**
 * A stand-in for the R2 management API that costs next to nothing: canned envelopes over bare sockets,
 * told apart by the end of the path. Run as a process of its own; it prints its port.
 */
import { createServer } from 'node:net'
import { answers } from './answers.ts'

const ready = new Map(
  Object.entries(answers).map(([ending, result]) => {
    const body = JSON.stringify({ success: true, errors: [], messages: [], result })
    const head = [
      'HTTP/1.1 200 OK',
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      'cf-ray: 8f0c2b7e1d2a4c55-AMS',
      'cf-cache-status: DYNAMIC',
      'vary: accept-encoding',
      'server: cloudflare',
    ]
    return [ending, Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)]
  }),
)
const other = ready.get('') ?? Buffer.from('')

const server = createServer({ noDelay: true }, (socket) => {
  let held = ''
  socket.setEncoding('latin1')
  socket.on('data', (text: string) => {
    held += text
    for (let end = held.indexOf('\r\n\r\n'); end !== -1; end = held.indexOf('\r\n\r\n')) {
      const path = held.slice(held.indexOf(' ') + 1, held.indexOf(' ', held.indexOf(' ') + 1))
      held = held.slice(end + 4)
      socket.write(ready.get(path.slice(path.lastIndexOf('/'))) ?? other)
    }
  })
  socket.on('error', () => socket.destroy())
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') console.log(address.port)
})
// It ends with whoever started it.
process.stdin.on('end', () => process.exit()).resume()
