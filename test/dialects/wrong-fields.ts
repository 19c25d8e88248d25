import { BUCKET, DOMAIN, QUEUE, ZONE } from '../routes/examples.ts'

const own = `/v1/buckets/${BUCKET}`
const create = { method: 'POST', path: '/v1/buckets' }
const edit = { method: 'PATCH', path: own }
export const cors = { method: 'PUT', path: `${own}/cors` }
const lifecycle = { method: 'PUT', path: `${own}/lifecycle` }
const lock = { method: 'PUT', path: `${own}/lock` }
const managed = { method: 'PUT', path: `${own}/domains/managed` }
const addDomain = { method: 'POST', path: `${own}/domains/custom` }
const changeDomain = { method: 'PUT', path: `${own}/domains/custom/${DOMAIN}` }
const notify = { method: 'PUT', path: `${own}/event-notifications/queues/${QUEUE}` }
const forget = { method: 'DELETE', path: `${own}/event-notifications/queues/${QUEUE}` }
const sippy = { method: 'PUT', path: `${own}/sippy` }

const corsRule = { allowed: { origins: ['https://a.example.com'], methods: ['GET'] } }
const withOrigin = (origin: unknown) => ({
  rules: [{ allowed: { ...corsRule.allowed, origins: ['*', origin] } }],
})
const lifecycleRule = { id: 'a', enabled: true, conditions: {} }
const expiring = (condition: unknown) => ({
  rules: [{ ...lifecycleRule, deleteObjectsTransition: { condition } }],
})
const lockRule = { id: 'a', enabled: true, condition: { type: 'Indefinite' } }
const locked = (condition: unknown) => ({ rules: [{ ...lockRule, condition }] })
const domain = { domain: DOMAIN, zoneId: ZONE, enabled: true }
const aws = { provider: 'aws', bucket: 'b', region: 'r', accessKeyId: 'a', secretAccessKey: 's' }
const azure = { provider: 'azure', accountName: 'a', container: 'c' }
const destination = { provider: 'r2', accessKeyId: 'a', secretAccessKey: 's' }

/** Bodies that are wrong, each with the JSON pointers at what is wrong in it. */
export const WRONG: [{ method: string; path: string }, unknown, string[]][] = [
  // Not the right kind of thing at all
  [create, null, ['']],
  [create, [], ['']],
  [create, [{ name: 'media-new' }], ['']],
  [create, '"media-new"', ['']],
  [create, 1, ['']],
  [create, {}, ['/name']],

  // Buckets
  [create, { name: null }, ['/name']],
  [create, { name: 12345 }, ['/name']],
  [create, { name: ['media-new'] }, ['/name']],
  [create, { name: 'Media' }, ['/name']],
  [create, { name: 'a/../b' }, ['/name']],
  [create, { name: 'media-new\n' }, ['/name']],
  [create, { name: 'media-new\0' }, ['/name']],
  [create, { name: 'x'.repeat(64) }, ['/name']],
  [create, { name: 'media-new', locationHint: 'WEST' }, ['/locationHint']],
  [create, { name: 'media-new', locationHint: null }, ['/locationHint']],
  [create, { name: 'media-new', storageClass: 'Glacier' }, ['/storageClass']],
  [create, { name: 'media-new', jurisdiction: 'eu' }, ['/jurisdiction']],
  [create, { name: 'media-new', location: 'weur', extra: 1 }, ['/location', '/extra']],
  [create, '{"name":"media-new","__proto__":{"storageClass":"Standard"}}', ['/__proto__']],
  [create, '{"name":"media-new","constructor":1,"toString":2}', ['/constructor', '/toString']],
  [create, { name: 'media-new', 'a/b~c': 1 }, ['/a~1b~0c']],
  [create, { NAME: 'media-new' }, ['/name', '/NAME']],
  [edit, {}, ['/storageClass']],
  [edit, { storageClass: 'standard' }, ['/storageClass']],
  [edit, { storageClass: 'Standard\r\nx-injected: 1' }, ['/storageClass']],
  [edit, { storageClass: 'Standard', name: 'other' }, ['/name']],

  // CORS
  [cors, {}, ['/rules']],
  [cors, { rules: null }, ['/rules']],
  [cors, { rules: {} }, ['/rules']],
  [cors, { rules: [[]] }, ['/rules/0']],
  [cors, { rules: [corsRule, 'x'] }, ['/rules/1']],
  [
    cors,
    { rules: [{ allowed: { origins: [], methods: [] } }] },
    ['/rules/0/allowed/origins', '/rules/0/allowed/methods'],
  ],
  [cors, withOrigin('https://a.example.com/path'), ['/rules/0/allowed/origins/1']],
  [cors, withOrigin('https://a.example.com/'), ['/rules/0/allowed/origins/1']],
  [cors, withOrigin('a.example.com'), ['/rules/0/allowed/origins/1']],
  [cors, withOrigin('https://user@a.example.com'), ['/rules/0/allowed/origins/1']],
  [cors, withOrigin('null'), ['/rules/0/allowed/origins/1']],
  [cors, withOrigin(''), ['/rules/0/allowed/origins/1']],
  [
    cors,
    { rules: [{ allowed: { origins: ['*'], methods: ['get', 'PATCH'] } }] },
    ['/rules/0/allowed/methods/0', '/rules/0/allowed/methods/1'],
  ],
  [
    cors,
    { rules: [{ allowed: { origins: ['*'], methods: ['GET'], headers: ['a b'] } }] },
    ['/rules/0/allowed/headers/0'],
  ],
  [cors, { rules: [{ ...corsRule, maxAgeSeconds: '60' }] }, ['/rules/0/maxAgeSeconds']],
  [cors, { rules: [{ ...corsRule, maxAgeSeconds: -1 }] }, ['/rules/0/maxAgeSeconds']],
  [cors, { rules: [{ ...corsRule, maxAgeSeconds: 1.5 }] }, ['/rules/0/maxAgeSeconds']],
  [cors, { rules: [{ ...corsRule, id: 'a' }, corsRule, { ...corsRule, id: 'a' }] }, ['/rules/2/id']],
  [
    cors,
    '{"rules":[{"allowed":{"origins":["*"],"methods":["GET"],"__proto__":1}}]}',
    ['/rules/0/allowed/__proto__'],
  ],

  // Lifecycle
  [lifecycle, {}, ['/rules']],
  [lifecycle, { rules: [lifecycleRule, lifecycleRule] }, ['/rules/1/id']],
  [lifecycle, { rules: [{ ...lifecycleRule, id: '' }] }, ['/rules/0/id']],
  [lifecycle, { rules: [{ id: 'a', enabled: 'true', conditions: {} }] }, ['/rules/0/enabled']],
  [lifecycle, { rules: [{ id: 'a', enabled: true, conditions: [] }] }, ['/rules/0/conditions']],
  [
    lifecycle,
    { rules: [{ ...lifecycleRule, conditions: { prefix: null } }] },
    ['/rules/0/conditions/prefix'],
  ],
  [
    lifecycle,
    { rules: [{ ...lifecycleRule, conditions: { suffix: '.log' } }] },
    ['/rules/0/conditions/suffix'],
  ],
  [lifecycle, expiring({ type: 'Age', maxAge: -1 }), ['/rules/0/deleteObjectsTransition/condition/maxAge']],
  [lifecycle, expiring({ type: 'Age', maxAge: '30' }), ['/rules/0/deleteObjectsTransition/condition/maxAge']],
  [
    lifecycle,
    '{"rules":[{"id":"a","enabled":true,"conditions":{},"deleteObjectsTransition":{"condition":{"type":"Age","maxAge":1e400}}}]}',
    ['/rules/0/deleteObjectsTransition/condition/maxAge'],
  ],
  [
    lifecycle,
    expiring({ type: 'Age', maxAge: 2 ** 53 }),
    ['/rules/0/deleteObjectsTransition/condition/maxAge'],
  ],
  [
    lifecycle,
    expiring({ type: 'Age', date: '2030-01-01T00:00:00Z' }),
    ['/rules/0/deleteObjectsTransition/condition/maxAge', '/rules/0/deleteObjectsTransition/condition/date'],
  ],
  [
    lifecycle,
    expiring({ type: 'Date', date: '2030-01-01' }),
    ['/rules/0/deleteObjectsTransition/condition/date'],
  ],
  [
    lifecycle,
    expiring({ type: 'Date', date: '2030-13-41T00:00:00Z' }),
    ['/rules/0/deleteObjectsTransition/condition/date'],
  ],
  [lifecycle, expiring({ type: 'Never' }), ['/rules/0/deleteObjectsTransition/condition/type']],
  [lifecycle, expiring(null), ['/rules/0/deleteObjectsTransition/condition']],
  [
    lifecycle,
    {
      rules: [
        {
          ...lifecycleRule,
          abortMultipartUploadsTransition: { condition: { type: 'Date', date: '2030-01-01T00:00:00Z' } },
        },
      ],
    },
    [
      '/rules/0/abortMultipartUploadsTransition/condition/type',
      '/rules/0/abortMultipartUploadsTransition/condition/maxAge',
      '/rules/0/abortMultipartUploadsTransition/condition/date',
    ],
  ],
  [
    lifecycle,
    {
      rules: [
        {
          ...lifecycleRule,
          storageClassTransitions: [{ condition: { type: 'Age', maxAge: 1 }, storageClass: 'Standard' }],
        },
      ],
    },
    ['/rules/0/storageClassTransitions/0/storageClass'],
  ],
  [
    lifecycle,
    { rules: Array.from({ length: 1001 }, (_, at) => ({ ...lifecycleRule, id: `r${at}` })) },
    ['/rules'],
  ],

  // Locks
  [lock, { rules: [lockRule, lockRule] }, ['/rules/1/id']],
  [lock, { rules: [{ ...lockRule, enabled: 1 }] }, ['/rules/0/enabled']],
  [
    lock,
    locked({ type: 'Age', maxAge: 1 }),
    ['/rules/0/condition/maxAgeSeconds', '/rules/0/condition/maxAge'],
  ],
  [lock, locked({ type: 'Age', maxAgeSeconds: -5 }), ['/rules/0/condition/maxAgeSeconds']],
  [lock, locked({ type: 'Indefinite', maxAgeSeconds: 5 }), ['/rules/0/condition/maxAgeSeconds']],
  [lock, locked({}), ['/rules/0/condition/type']],
  [lock, locked('Indefinite'), ['/rules/0/condition']],

  // Domains
  [managed, {}, ['/enabled']],
  [managed, { enabled: 'false' }, ['/enabled']],
  [managed, { enabled: 0 }, ['/enabled']],
  [managed, { enabled: null }, ['/enabled']],
  [managed, { enabled: true, domain: 'x' }, ['/domain']],
  [addDomain, { ...domain, domain: 'cdn_x.example.com' }, ['/domain']],
  [addDomain, { ...domain, domain: 'cdn.example.com.' }, ['/domain']],
  [addDomain, { ...domain, domain: 'cdn.example.com/../x' }, ['/domain']],
  [addDomain, { ...domain, domain: `${'a.'.repeat(130)}com` }, ['/domain']],
  [addDomain, { ...domain, zoneId: 'xyz' }, ['/zoneId']],
  [addDomain, { domain: DOMAIN }, ['/zoneId', '/enabled']],
  [addDomain, { ...domain, minTLS: '1.4' }, ['/minTLS']],
  [addDomain, { ...domain, minTLS: 1.2 }, ['/minTLS']],
  [addDomain, { ...domain, ciphers: 'AES128' }, ['/ciphers']],
  [addDomain, { ...domain, ciphers: ['AES128', ''] }, ['/ciphers/1']],
  [changeDomain, {}, ['']],
  [changeDomain, { enabled: null }, ['/enabled']],
  [changeDomain, { domain: 'other.example.com', enabled: true }, ['/domain']],

  // Event notifications
  [notify, { rules: [] }, ['/rules']],
  [notify, { rules: [{ actions: [] }] }, ['/rules/0/actions']],
  [notify, { rules: [{ actions: ['PutObject', 'PutObject'] }] }, ['/rules/0/actions']],
  [notify, { rules: [{ actions: ['put'] }] }, ['/rules/0/actions/0']],
  [notify, { rules: [{ actions: ['PutObject'], prefix: 1 }] }, ['/rules/0/prefix']],
  [notify, { rules: [{ actions: ['PutObject'], queue: QUEUE }] }, ['/rules/0/queue']],
  [forget, {}, ['/ruleIds']],
  [forget, { ruleIds: null }, ['/ruleIds']],
  [forget, { ruleIds: [] }, ['/ruleIds']],
  [forget, { ruleIds: [''] }, ['/ruleIds/0']],
  [forget, { ruleIds: 'all' }, ['/ruleIds']],

  // Sippy
  [sippy, {}, ['/source', '/destination']],
  [sippy, { source: { ...aws, provider: 'ftp' }, destination }, ['/source/provider']],
  [sippy, { source: { ...aws, region: undefined }, destination }, ['/source/region']],
  [sippy, { source: { ...aws, secretAccessKey: '' }, destination }, ['/source/secretAccessKey']],
  [sippy, { source: { ...aws, bucketUrl: 'https://x.example.com' }, destination }, ['/source/bucketUrl']],
  [sippy, { source: azure, destination }, ['/source']],
  [sippy, { source: { ...azure, accountKey: 'k', sasToken: 't' }, destination }, ['/source']],
  [
    sippy,
    {
      source: { provider: 's3', bucketUrl: 'file:///etc/passwd', accessKeyId: 'a', secretAccessKey: 's' },
      destination,
    },
    ['/source/bucketUrl'],
  ],
  [sippy, { source: aws, destination: { ...destination, provider: 'aws' } }, ['/destination/provider']],
  [sippy, { source: aws, destination: { ...destination, account: 'x' } }, ['/destination/account']],
]
