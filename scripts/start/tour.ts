import { colorsFor } from '../../cli/policy/output.ts'
import type { DemoKeys } from './database.ts'

interface Tour {
  readonly warden: string
  readonly emulator: string
  readonly upstream: string
  readonly keys: DemoKeys
  readonly problems: readonly string[]
}

const pc = colorsFor(process.stdout)

/** What a newcomer needs next: where things are, the keys, and lines that work as pasted. */
export function printTour({ warden, emulator, upstream, keys, problems }: Tour): void {
  const key = (name: string) => keys[name] ?? ''
  const lines = [
    '',
    pc.bold('r2-warden is running'),
    `  warden     ${warden}      documentation: ${warden}/docs`,
    `  emulator   ${emulator}      what reached it: ${emulator}/__emulator/requests`,
    ...(upstream.startsWith(emulator) ? [] : [`  upstream   ${upstream}`]),
    '',
    pc.bold('Demo keys') + pc.dim(' (also in .dev/demo-keys.json)'),
    ...Object.entries(keys).map(([name, text]) => `  ${name.padEnd(15)} ${text}`),
    '',
    pc.bold('Try it') + pc.dim(' (paste one after the other)'),
    pc.dim('  # team media creates a bucket'),
    `  curl -i ${warden}/v1/buckets -H 'Authorization: Bearer ${key('media-admin')}' -H 'Content-Type: application/json' -d '{"name":"media-launch"}'`,
    pc.dim("  # the same key is refused on another team's bucket, and told what is missing"),
    `  curl -i ${warden}/v1/buckets/finance-ledger -H 'Authorization: Bearer ${key('media-admin')}'`,
    pc.dim('  # every change is on record, and POST /v1/audit/<id>/revert undoes it'),
    `  curl -s ${warden}/v1/audit -H 'Authorization: Bearer ${key('media-admin')}'`,
    pc.dim(
      '  # what reached Cloudflare (here: the emulator): the creation, with a look before and after it; the token, never a key',
    ),
    `  curl -s ${emulator}/__emulator/requests`,
    '',
    ...(problems.length > 0
      ? [
          pc.red('The warden is not ready, so it refuses everything:'),
          ...problems.map((problem) => `  ${problem}`),
          '',
        ]
      : []),
    pc.dim('Ctrl-C stops both. Starting again keeps keys, policy and buckets.'),
    '',
  ]
  console.log(lines.join('\n'))
}
