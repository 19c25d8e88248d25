/** What upstream answers, by the last part of the path; the empty ending is the bucket itself. */
export const answers: Readonly<Record<string, unknown>> = {
  '': {
    name: 'team-0-assets',
    creation_date: '2026-01-15T09:30:00.000Z',
    location: 'WEUR',
    storage_class: 'Standard',
    jurisdiction: 'default',
  },
  '/cors': {
    rules: [
      {
        id: 'site',
        allowed: {
          origins: ['https://www.media.example.com', 'https://media.example.com'],
          methods: ['GET', 'HEAD'],
          headers: ['range', 'if-none-match'],
        },
        exposeHeaders: ['etag', 'content-length'],
        maxAgeSeconds: 3600,
      },
    ],
  },
  '/lifecycle': {
    rules: [
      {
        id: 'Default Multipart Abort Rule',
        enabled: true,
        conditions: {},
        abortMultipartUploadsTransition: { condition: { type: 'Age', maxAge: 604800 } },
      },
      {
        id: 'expire-logs',
        enabled: true,
        conditions: { prefix: 'logs/' },
        deleteObjectsTransition: { condition: { type: 'Age', maxAge: 2592000 } },
        storageClassTransitions: [
          { condition: { type: 'Age', maxAge: 604800 }, storageClass: 'InfrequentAccess' },
        ],
      },
    ],
  },
  '/lock': {
    rules: [
      {
        id: 'keep-a-month',
        enabled: true,
        prefix: 'invoices/',
        condition: { type: 'Age', maxAgeSeconds: 2592000 },
      },
    ],
  },
  '/custom': {
    domains: [
      {
        domain: 'cdn.media.example.com',
        enabled: true,
        status: { ownership: 'active', ssl: 'active' },
        minTLS: '1.2',
        zoneId: '023e105f4ecef8ad9ca31a8372d0c353',
        zoneName: 'example.com',
      },
    ],
  },
  '/managed': {
    bucketId: '0113a9e4549cf9b1ff1bf56e04da0cef',
    domain: 'pub-0113a9e4549cf9b1ff1bf56e04da0cef.r2.dev',
    enabled: false,
  },
  '/configuration': {
    bucketName: 'team-0-assets',
    queues: [
      {
        queueId: 'd41d8cd98f00b204e9800998ecf8427e',
        queueName: 'uploads',
        rules: [
          {
            ruleId: '1e9f5f0c-4d1e-4b43-9d5a-0d6a4f6a3b1c',
            createdAt: '2026-01-15T09:30:00.000Z',
            actions: ['PutObject', 'CompleteMultipartUpload'],
            prefix: 'uploads/',
          },
        ],
      },
    ],
  },
}
