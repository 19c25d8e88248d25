import { createServer } from 'node:net'
import { Failure } from '../../cli/report.ts'

/** A port named by an environment variable. */
export function portFrom(variable: string, usual: number): number {
  const text = process.env[variable] || String(usual)
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535)
    throw new Failure(`${variable}=${text} is not a port.`)
  return port
}

/** Says which port is taken, and by which variable to choose another, before anything is started. */
export async function assertPortsAreFree(ports: Readonly<Record<string, number>>): Promise<void> {
  const numbers = Object.values(ports)
  if (new Set(numbers).size < numbers.length)
    throw new Failure(`${Object.keys(ports).join(' and ')} must differ.`)
  for (const [variable, port] of Object.entries(ports)) {
    for (const host of ['127.0.0.1', '::1']) {
      if (await isTaken(port, host))
        throw new Failure(
          `Port ${port} is in use. Stop what listens there, or choose another: ${variable}=${port + 1000} npm start`,
        )
    }
  }
}

function isTaken(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE'))
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(false)))
  })
}
