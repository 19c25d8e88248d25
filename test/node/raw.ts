import { connect } from 'node:net'
import { PATIENCE_MS } from '../patience.ts'

export interface RawAnswer {
  /** Statuses in the order in which they came: more than one when the server saw several requests. */
  readonly statuses: readonly number[]
  readonly text: string
}

/** Sends bytes as they are, past every client that would tidy them, and reads until the server closes. */
export function sendRaw(port: number, request: string | Buffer): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(request))
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('the server neither answered nor closed')))
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.once('error', (error: NodeJS.ErrnoException) =>
      // A server that has answered may close before it has read everything.
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? undefined : reject(error),
    )
    socket.once('close', () => {
      const text = Buffer.concat(chunks).toString('latin1')
      const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status))
      resolve({ statuses, text })
    })
  })
}
