import * as z from 'zod'
import { CORS_METHODS } from '../../policy/names.ts'
import { putBack, removes, replaces } from '../changes.ts'
import { operation, resource } from '../operation.ts'
import { ruleId, rulesWithUniqueIds } from './rules.ts'

/** A field name of RFC 9110, 5.1, or `*`. */
const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'a header name, or `*`')

const rule = z.strictObject({
  id: ruleId.exactOptional(),
  allowed: z.strictObject({
    origins: z
      .array(
        z
          .string()
          .max(512)
          .regex(/^(\*|[a-z][a-z0-9+.-]*:\/\/[^\s/?#\\@]+)$/i, 'scheme://host[:port] without a path, or `*`'),
      )
      .min(1)
      .max(1000),
    methods: z.array(z.enum(CORS_METHODS)).min(1).max(100),
    headers: z.array(headerName).max(1000).exactOptional(),
  }),
  exposeHeaders: z.array(headerName).max(1000).exactOptional(),
  maxAgeSeconds: z.int().min(0).exactOptional().meta({
    description:
      'How long browsers may keep a preflight answer, in seconds; Cloudflare documents 86400 at most',
  }),
})

export const corsPolicy = z.strictObject({ rules: rulesWithUniqueIds(rule, 1000) }).meta({
  id: 'CorsPolicy',
  description: 'All CORS rules of a bucket; what is not in the list is removed',
  examples: [
    {
      rules: [
        {
          id: 'site',
          allowed: { origins: ['https://www.media.example.com'], methods: ['GET', 'HEAD'] },
          maxAgeSeconds: 3600,
        },
      ],
    },
  ],
})

const corsConfiguration = z
  .object({
    rules: z
      .array(
        z.object({
          id: z.string().exactOptional(),
          allowed: z.object({
            origins: z.array(z.string()),
            methods: z.array(z.string()),
            headers: z.array(z.string()).exactOptional(),
          }),
          exposeHeaders: z.array(z.string()).exactOptional(),
          maxAgeSeconds: z.number().exactOptional(),
        }),
      )
      .default([]),
  })
  .meta({ id: 'CorsConfiguration' })

export const cors = resource('CORS', [
  operation({
    name: 'buckets.cors.get',
    method: 'get',
    path: '/buckets/:bucket/cors',
    summary: 'Get the CORS policy',
    result: corsConfiguration,
    refusals: ['cors_not_found'],
  }),
  operation({
    name: 'buckets.cors.update',
    method: 'put',
    path: '/buckets/:bucket/cors',
    summary: 'Replace the CORS policy',
    changes: replaces('buckets.cors.get', { update: 'buckets.cors.update', remove: 'buckets.cors.delete' }),
    body: corsPolicy,
  }),
  operation({
    name: 'buckets.cors.delete',
    method: 'delete',
    path: '/buckets/:bucket/cors',
    summary: 'Remove the CORS policy',
    changes: removes('buckets.cors.get', putBack('buckets.cors.update')),
    refusals: ['cors_not_found'],
  }),
])
