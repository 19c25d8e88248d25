import { connect, createServer } from 'node:net'
import { Failure } from '../../cli/report.ts'

/** A port named by an environment variable. */
export function portFrom(variable: string, usual: number): number {
  const text = process.env[variable] || String(usual)
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535)
    throw new Failure(`${variable}=${text} is not a port: write a number from 1 to 65535.`)
  return port
}

/** Says which port can't be had, and by which variable to choose another, before anything is started. */
export async function assertPortsAreFree(ports: Readonly<Record<string, number>>): Promise<void> {
  const numbers = Object.values(ports)
  if (new Set(numbers).size < numbers.length)
    throw new Failure(`${Object.keys(ports).join(' and ')} must differ.`)
  for (const [variable, port] of Object.entries(ports)) {
    const other = `choose another: ${variable}=${port > 64_535 ? port - 1000 : port + 1000} npm start`
    for (const host of ['127.0.0.1', '::1']) {
      const problem = await problemWith(port, host)
      if (problem === 'EADDRINUSE')
        throw new Failure(`Port ${port} is in use. Stop what listens there, or ${other}`)
      if (problem === 'EACCES') throw new Failure(`Port ${port} is not for this user to take; ${other}`)
    }
  }
}

/** Why it can't be listened on. Not every system tells of a listener on all addresses, so it is called too. */
async function problemWith(port: number, host: string): Promise<string | null> {
  return (await listenError(port, host)) ?? ((await answers(port, host)) ? 'EADDRINUSE' : null)
}

function listenError(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? null))
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(null)))
  })
}

function answers(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 1_000 })
    const end = (answered: boolean) => {
      socket.destroy()
      resolve(answered)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
    socket.once('timeout', () => end(false))
  })
}
