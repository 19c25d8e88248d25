import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A small proxy in front of the emulator, to be pointed at; it notes what passes. */
export class Forwarder {
  readonly seen: string[] = []
  target = ''
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(): Promise<Forwarder> {
    const server = createServer(async ({ method = 'GET', url = '', headers }, response) => {
      forwarder.seen.push(`${method} ${url}`)
      const answer = await fetch(forwarder.target + url, {
        headers: { authorization: headers.authorization ?? '' },
      })
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
    })
    const forwarder = new Forwarder(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return forwarder
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo
    return `http://127.0.0.1:${port}`
  }

  stop(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}
