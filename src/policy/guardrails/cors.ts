import * as z from 'zod'
import { matches } from '../match.ts'
import { CORS_METHODS } from '../names.ts'
import { pointerTo } from '../pointer.ts'
import { kind, reading, type Violation } from './guardrail.ts'
import { coversOrigin, parseOriginPattern } from './origin.ts'

const originPattern = z.string().refine((text) => parseOriginPattern(text) !== null, {
  error: 'scheme://host[:port]; a `*.` may stand before the host. For any origin at all: anyOrigin: true',
})
const headerPattern = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'a header name, in which `*` stands for any run of characters')

const asked = z.looseObject({
  rules: z.array(
    z.looseObject({
      allowed: z.looseObject({
        origins: z.array(z.string()),
        methods: z.array(z.string()),
        headers: z.array(z.string()).default([]),
      }),
      maxAgeSeconds: z.number().optional(),
    }),
  ),
})

/** Who may read from a browser, and how. `*` as an origin stands only where `anyOrigin: true` says so. */
export const cors = kind({
  options: z
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
    ),
  operations: ['buckets.cors.update'],
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

    return reading(asked, body, ({ rules }) =>
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
})
