import * as z from 'zod'
import { matches } from '../match.ts'
import { CORS_METHODS } from '../names.ts'
import { pointerTo } from '../pointer.ts'
import { among, compareOptions, listed, most } from './compare.ts'
import { kind, optional, optionalList, reading, type Violation } from './guardrail.ts'
import { coversOrigin, parseOriginPattern } from './origin.ts'
import { type Sample, unique } from './samples.ts'

const UPDATE = 'buckets.cors.update'

const originPattern = z.string().refine((text) => parseOriginPattern(text) !== null, {
  error: 'scheme://host[:port]; one `*` may stand in the host. For any origin at all: anyOrigin: true',
})
const headerPattern = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'a header name, in which `*` stands for any run of characters')

const asked = z.looseObject({
  rules: optionalList(
    z.looseObject({
      allowed: z.looseObject({
        origins: z.array(z.string()),
        methods: z.array(z.string()),
        headers: optionalList(z.string()),
      }),
      maxAgeSeconds: optional(z.number()),
    }),
  ),
})
const EXPECTED =
  '{"rules": [{"allowed": {"origins": ["https://www.example.com"], "methods": ["GET"], "headers": []}, "maxAgeSeconds": 3600}]}'

const options = z
  .strictObject({
    origins: z.array(originPattern).exactOptional(),
    anyOrigin: z.boolean().exactOptional(),
    methods: z.array(z.enum(CORS_METHODS)).exactOptional(),
    headers: z.array(headerPattern).exactOptional(),
    maxAgeSeconds: z.int().min(0).max(86_400).exactOptional(),
  })
  .refine(
    (options) => Object.keys(options).length > 0,
    'says nothing: name origins, anyOrigin, methods, headers or maxAgeSeconds',
  )
type Options = z.output<typeof options>

/** Who may read from a browser, and how. `*` as an origin stands only where `anyOrigin: true` says so. */
export const cors = kind({
  options,
  ways: {
    origins: [UPDATE],
    anyOrigin: [UPDATE],
    methods: [UPDATE],
    headers: [UPDATE],
    maxAgeSeconds: [UPDATE],
  },
  check: ({ origins, anyOrigin = false, methods, headers, maxAgeSeconds }, { body }) => {
    const patterns = origins?.flatMap((text) => parseOriginPattern(text) ?? [])
    const isOriginAllowed = (text: string) => {
      if (anyOrigin) return true
      if (text.includes('*') && !patterns) return false
      const origin = parseOriginPattern(text)
      return origin !== null && (!patterns || patterns.some((pattern) => coversOrigin(pattern, origin)))
    }
    const isHeaderAllowed = (name: string) =>
      !headers || headers.some((pattern) => matches(pattern.toLowerCase(), name.toLowerCase()))
    const isMethodAllowed = (method: string) => !methods || methods.some((one) => one === method)

    return reading(asked, body, EXPECTED, ({ rules }) =>
      rules.flatMap(({ allowed, maxAgeSeconds: maxAge = 0 }, index): Violation[] => {
        const refuse =
          (list: string, what: string, permitted: unknown) =>
          (value: string, place: number, isAllowed: boolean): Violation[] =>
            isAllowed
              ? []
              : [
                  {
                    pointer: pointerTo('rules', index, 'allowed', list, place),
                    message: `${what} ${value} is not allowed`,
                    value,
                    allowed: permitted,
                  },
                ]
        const origin = refuse('origins', 'origin', origins ?? 'any origin but `*`')
        const method = refuse('methods', 'method', methods)
        const header = refuse('headers', 'header', headers)
        return [
          ...allowed.origins.flatMap((value, place) => origin(value, place, isOriginAllowed(value))),
          ...allowed.methods.flatMap((value, place) => method(value, place, isMethodAllowed(value))),
          ...allowed.headers.flatMap((value, place) => header(value, place, isHeaderAllowed(value))),
          ...(maxAgeSeconds !== undefined && maxAge > maxAgeSeconds
            ? [
                {
                  pointer: pointerTo('rules', index, 'maxAgeSeconds'),
                  message: `${maxAge} seconds are more than ${maxAgeSeconds}`,
                  value: maxAge,
                  allowed: `${maxAgeSeconds} or less`,
                },
              ]
            : []),
        ]
      }),
    )
  },
  compare: (strict, loose) =>
    compareOrigins(strict, loose) &&
    compareOptions<Omit<Options, 'origins' | 'anyOrigin'>>(strict, loose, {
      methods: among,
      headers,
      maxAgeSeconds: most,
    }),
  samples(_operation, all): Sample[] {
    const named = unique(all.flatMap(({ origins = [] }) => origins)).map((one) => one.replace('*', 'www'))
    const areMethodsNamed = all.some(({ methods = [] }) => methods.length > 0)
    const names = unique(all.flatMap(({ headers = [] }) => headers)).map((one) =>
      one.replaceAll('*', 'custom'),
    )
    const limits = unique(all.flatMap(({ maxAgeSeconds }) => maxAgeSeconds ?? []))
    return [...named, 'https://www.example.net', '*'].flatMap((origin) =>
      (areMethodsNamed ? METHODS : ['GET']).flatMap((method) =>
        [undefined, ...(names.length > 0 ? ['x-other', ...names] : [])].flatMap((header) =>
          [0, ...limits.flatMap((one) => [one, one + 1])].map((maxAgeSeconds) => {
            const allowed = { origins: [origin], methods: [method], ...(header && { headers: [header] }) }
            return { body: { rules: [{ allowed, maxAgeSeconds }] } }
          }),
        ),
      ),
    )
  },
})

/** Those that only read come first. */
const METHODS = unique(['GET', 'HEAD', ...CORS_METHODS])

const headers = listed((outer, inner) => matches(outer.toLowerCase(), inner.toLowerCase()))

/** Any guardrail of this kind speaks of origins: without a word of them it refuses those with a `*`. */
function compareOrigins(
  { origins: narrow, anyOrigin: isNarrowOpen = false }: Options,
  { origins: wide, anyOrigin: isWideOpen = false }: Options,
): boolean {
  if (isWideOpen) return true
  if (isNarrowOpen) return false
  if (!wide) return !narrow?.some((one) => one.includes('*'))
  return narrow?.every((inner) => wide.some((outer) => covers(outer, inner))) ?? false
}

function covers(outer: string, inner: string): boolean {
  const [wide, narrow] = [parseOriginPattern(outer), parseOriginPattern(inner)]
  return wide !== null && narrow !== null && coversOrigin(wide, narrow)
}
