import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** Stands between a client and the warden, passes everything on, and counts how often it was asked. */
export class Counter {
  count = 0
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(target: string): Promise<Counter> {
    const server = createServer(async (request, response) => {
      counter.count += 1
      const body = await text(request)
      const { host: _host, connection: _connection, ...headers } = request.headers
      const answer = await fetch(target + request.url, {
        method: request.method ?? 'GET',
        headers: Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string]),
        ...(body !== '' && { body }),
      })
      const {
        'content-encoding': _encoding,
        'transfer-encoding': _transfer,
        ...told
      } = Object.fromEntries(answer.headers)
      response.writeHead(answer.status, told).end(await answer.text())
    })
    const counter = new Counter(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return counter
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo
    return `http://127.0.0.1:${port}`
  }

  reset(): void {
    this.count = 0
  }

  stop(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}
