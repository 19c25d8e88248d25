/** A configuration of workerd's, written as Cap'n Proto text. */
export type Capnp =
  | string
  | number
  | boolean
  | Embedded
  | readonly Capnp[]
  | { readonly [field: string]: Capnp }

/** The contents of a file beside the configuration. */
export class Embedded {
  readonly file: string
  constructor(file: string) {
    this.file = file
  }
}

export function configText(config: Capnp): string {
  return `using Workerd = import "/workerd/workerd.capnp";\nconst config :Workerd.Config = ${text(config)};\n`
}

function text(value: Capnp): string {
  if (value instanceof Embedded) return `embed ${JSON.stringify(value.file)}`
  if (Array.isArray(value)) return `[${value.map(text).join(', ')}]`
  if (typeof value === 'object') {
    const fields = Object.entries(value).map(([name, field]) => `${name} = ${text(field)}`)
    return `(${fields.join(', ')})`
  }
  return JSON.stringify(value)
}
