import { connect, type Socket } from 'node:net'

/** Requests as they go over the wire, one after the other and then from the start again. */
export type Traffic = readonly Buffer[]

export interface LoadOptions {
  readonly port: number
  readonly traffic: Traffic
  /** Where in the traffic to begin. */
  readonly from?: number
  readonly connections: number
  readonly seconds?: number
  /** In place of `seconds`: so many requests. */
  readonly count?: number
  /** Requests per second, sent whether or not the earlier ones were answered; without it, as fast as they are. */
  readonly rate?: number
}

export interface Load {
  readonly answered: number
  readonly seconds: number
  /** Milliseconds, ascending. */
  readonly latencies: Float64Array
}

const HEAD_END = Buffer.from('\r\n\r\n')
const MAX_SAMPLES = 400_000
const STALL_MS = 10_000

/**
 * Sends traffic over some connections and times each answer. Written for this bench because it shares a
 * core with the upstream: it takes a tenth of the time per request that a general load generator takes,
 * so that what is measured, and not what measures, is the bottleneck. Any answer but a 200 fails the run.
 */
export function load(options: LoadOptions): Promise<Load> {
  return new Promise((resolve, reject) => {
    const { port, traffic, connections, rate, count = Number.POSITIVE_INFINITY, seconds = 600 } = options
    const latencies = new Float64Array(Math.min(MAX_SAMPLES, count))
    const idle: Line[] = []
    const due: number[] = []
    const lines: Line[] = []
    let next = options.from ?? 0
    let sent = 0
    let answered = 0
    let connected = 0
    let isOver = false
    let timer: NodeJS.Timeout | undefined
    const watchdog = setTimeout(() => fail(new Error('no answer for too long')), seconds * 1000 + STALL_MS)
    let begin = 0
    let end = Number.POSITIVE_INFINITY

    const fail = (error: Error) => {
      finish()
      reject(error)
    }
    const finish = () => {
      isOver = true
      clearInterval(timer)
      clearTimeout(watchdog)
      for (const line of lines) line.socket.destroy()
    }
    const send = (line: Line, since: number) => {
      line.since = since
      sent++
      const request = traffic[next++ % traffic.length]
      if (request) line.socket.write(request)
    }
    const done = (line: Line) => {
      if (isOver) return
      const now = performance.now()
      if (answered < latencies.length) latencies[answered] = now - line.since
      answered++
      if (now >= end || answered >= count) {
        finish()
        const samples = latencies.slice(0, Math.min(answered, latencies.length)).sort()
        resolve({ answered, seconds: (now - begin) / 1000, latencies: samples })
      } else if (rate === undefined) {
        if (sent < count) send(line, now)
      } else {
        const waiting = due.shift()
        if (waiting === undefined) idle.push(line)
        else send(line, waiting)
      }
    }
    const pace = (perSecond: number) => {
      let scheduled = 0
      timer = setInterval(() => {
        const now = performance.now()
        const wanted = Math.floor(((now - begin) / 1000) * perSecond)
        for (; scheduled < wanted && sent + due.length < count; scheduled++) {
          const line = idle.pop()
          if (line) send(line, now)
          else due.push(now)
        }
      }, 1)
    }
    const start = () => {
      begin = performance.now()
      end = begin + seconds * 1000
      if (rate === undefined) for (const line of lines) send(line, performance.now())
      else {
        idle.push(...lines)
        pace(rate)
      }
    }
    for (let index = 0; index < connections; index++) {
      const line = openLine(port, done, fail, () => {
        if (++connected === connections) start()
      })
      lines.push(line)
    }
  })
}

interface Line {
  readonly socket: Socket
  since: number
}

function openLine(
  port: number,
  done: (line: Line) => void,
  fail: (error: Error) => void,
  ready: () => void,
): Line {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true }, ready)
  const line: Line = { socket, since: 0 }
  let held: Buffer | null = null
  socket.on('data', (chunk: Buffer) => {
    const buffer: Buffer = held ? Buffer.concat([held, chunk]) : chunk
    const size = sizeOf(buffer)
    held = size === null || buffer.length < size ? buffer : null
    if (held) return
    if (buffer.toString('latin1', 9, 12) !== '200' || size !== buffer.length)
      return fail(new Error(`an answer that was not expected:\n${buffer.toString('utf8', 0, 1000)}`))
    done(line)
  })
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('a connection was closed')))
  return line
}

/** How long the answer is in all; `null` while that can't be told. */
function sizeOf(buffer: Buffer): number | null {
  const head = buffer.indexOf(HEAD_END)
  if (head === -1) return null
  const length = /\r\ncontent-length: (\d+)/i.exec(buffer.toString('latin1', 0, head))
  if (!length) throw new Error('the bench reads answers with a Content-Length only')
  return head + HEAD_END.length + Number(length[1])
}
