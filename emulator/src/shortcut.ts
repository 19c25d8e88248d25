import { json } from './envelope.ts'
import { memory } from './memory.ts'
import { newRay } from './ray.ts'

interface Settings {
  readonly EMULATOR_API_TOKEN?: string
  readonly EMULATOR_CONSOLE?: string
}

/** The answer to a read that is known already; undefined means that the account must be asked. */
export function shortcut(request: Request, settings: Settings): Response | undefined {
  const { log, faults, answers } = memory
  if (request.method !== 'GET' || !faults.isEmpty) return undefined
  if (request.headers.get('authorization') !== `Bearer ${settings.EMULATOR_API_TOKEN}`) return undefined
  const known = answers.find(request)
  if (!known) return undefined

  const ray = newRay()
  const entry = log.add(request, '', ray)
  if (entry) {
    entry.operation = known.operation
    log.close(entry, 200, settings.EMULATOR_CONSOLE !== 'off')
  }
  return json(known.text, 200, { 'cf-ray': ray })
}
