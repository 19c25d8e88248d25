import { type Place, QUEUE, QUEUE_NAME, ZONE } from '../running.ts'

/** One command of wrangler's, and what it leaves behind. */
export interface Step {
  readonly says: string
  /** `BUCKET` stands for the name of the bucket, `RULE` for the id of its notification rule. */
  readonly command: string
  readonly changes: boolean
  /** What the emulator must have at a path afterwards: at least this, or the code of its refusal. */
  readonly leaves?: { readonly at: string; readonly state: unknown; readonly place?: Place }
}

const corsRule = {
  id: 'site',
  allowed: { origins: ['https://www.example.com'], methods: ['GET', 'HEAD'], headers: ['range'] },
  exposeHeaders: ['ETag'],
  maxAgeSeconds: 3600,
}
const lifecycleRule = {
  id: 'from-file',
  enabled: true,
  conditions: { prefix: 'tmp/' },
  deleteObjectsTransition: { condition: { type: 'Age', maxAge: 86_400 } },
}
const lockRule = { id: 'from-file', enabled: true, prefix: 'a/', condition: { type: 'Indefinite' } }

/** What the commands read from the folder that they run in. */
export const files = {
  'cors.json': { rules: [corsRule] },
  'lifecycle.json': { rules: [lifecycleRule] },
  'lock.json': { rules: [lockRule] },
}

export const BUCKET_NOT_FOUND = 10_006
const NO_CORS = 10_059
const NO_NOTIFICATIONS = 11_015

const bucket = '/r2/buckets/BUCKET'
const notifications = '/event_notifications/r2/BUCKET/configuration'
const custom = `${bucket}/domains/custom`
const DOMAIN = 'cdn.BUCKET.example.com'

const read = (says: string, command: string): Step => ({ says, command, changes: false })
const change = (says: string, command: string, at: string, state: unknown, place?: Place): Step => ({
  says,
  command,
  changes: true,
  leaves: { at, state, ...(place && { place }) },
})

/** The commands that go before all others: without them there is no bucket. */
const creation: readonly Step[] = [
  change('creates a bucket of a storage class', 'bucket create BUCKET -s InfrequentAccess', bucket, {
    name: 'BUCKET',
    storage_class: 'InfrequentAccess',
  }),
  change('creates a bucket at a place', 'bucket create BUCKET-oc --location oc', `${bucket}-oc`, {
    location: 'OC',
  }),
  change(
    'creates a bucket in a jurisdiction',
    'bucket create BUCKET -J eu -s InfrequentAccess',
    bucket,
    { name: 'BUCKET', storage_class: 'InfrequentAccess' },
    'eu',
  ),
  read('shows a bucket', 'bucket info BUCKET'),
  read('shows a bucket of a jurisdiction', 'bucket info BUCKET -J eu --json'),
  change(
    'changes the storage class in a jurisdiction only',
    'bucket update storage-class BUCKET -s Standard -J eu',
    bucket,
    { storage_class: 'InfrequentAccess' },
  ),
  change('changes the storage class', 'bucket update storage-class BUCKET -s Standard', bucket, {
    storage_class: 'Standard',
  }),
]

const rules: readonly Step[] = [
  change(
    'adds a lifecycle rule to those there are',
    'bucket lifecycle add BUCKET expire logs/ --expire-days 30',
    `${bucket}/lifecycle`,
    {
      rules: [
        { abortMultipartUploadsTransition: { condition: { maxAge: 604_800 } } },
        { id: 'expire', deleteObjectsTransition: { condition: { maxAge: 2_592_000 } } },
      ],
    },
  ),
  read('lists the lifecycle rules', 'bucket lifecycle list BUCKET'),
  change(
    'removes a lifecycle rule and no other',
    'bucket lifecycle remove BUCKET --name expire',
    `${bucket}/lifecycle`,
    { rules: [{ abortMultipartUploadsTransition: { condition: { maxAge: 604_800 } } }] },
  ),
  change(
    'sets the lifecycle rules from a file',
    'bucket lifecycle set BUCKET --file lifecycle.json -y',
    `${bucket}/lifecycle`,
    files['lifecycle.json'],
  ),
  change(
    'sets the CORS rules from a file',
    'bucket cors set BUCKET --file cors.json -y',
    `${bucket}/cors`,
    files['cors.json'],
  ),
  read('lists the CORS rules', 'bucket cors list BUCKET'),
  change('deletes the CORS rules', 'bucket cors delete BUCKET -y', `${bucket}/cors`, NO_CORS),
  change('adds a lock rule', 'bucket lock add BUCKET keep logs/ --retention-days 1 -y', `${bucket}/lock`, {
    rules: [{ id: 'keep', prefix: 'logs/', condition: { type: 'Age', maxAgeSeconds: 86_400 } }],
  }),
  read('lists the lock rules', 'bucket lock list BUCKET'),
  change('removes a lock rule', 'bucket lock remove BUCKET --name keep', `${bucket}/lock`, { rules: [] }),
  change(
    'sets the lock rules from a file',
    'bucket lock set BUCKET --file lock.json -y',
    `${bucket}/lock`,
    files['lock.json'],
  ),
]

const domains: readonly Step[] = [
  change(
    'connects a custom domain',
    `bucket domain add BUCKET --domain ${DOMAIN} --zone-id ${ZONE} --min-tls 1.2 -y`,
    `${custom}/${DOMAIN}`,
    { domain: DOMAIN, enabled: true, minTLS: '1.2' },
  ),
  read('lists the custom domains', 'bucket domain list BUCKET'),
  read('shows a custom domain', `bucket domain get BUCKET --domain ${DOMAIN}`),
  change(
    'changes the TLS floor of a custom domain',
    `bucket domain update BUCKET --domain ${DOMAIN} --min-tls 1.3`,
    `${custom}/${DOMAIN}`,
    { minTLS: '1.3' },
  ),
  change('removes a custom domain', `bucket domain remove BUCKET --domain ${DOMAIN} -y`, custom, {
    domains: [],
  }),
  change('makes a bucket public at r2.dev', 'bucket dev-url enable BUCKET -y', `${bucket}/domains/managed`, {
    enabled: true,
  }),
  read('shows the r2.dev address', 'bucket dev-url get BUCKET'),
  change('takes a bucket off r2.dev', 'bucket dev-url disable BUCKET -y', `${bucket}/domains/managed`, {
    enabled: false,
  }),
]

const events: readonly Step[] = [
  change(
    'sends the events of a bucket to a queue',
    `bucket notification create BUCKET --event-type object-create --queue ${QUEUE_NAME} --prefix a/`,
    notifications,
    { queues: [{ queueId: QUEUE, rules: [{ prefix: 'a/' }] }] },
  ),
  change(
    'sends other events too',
    `bucket notification create BUCKET --event-type object-delete --queue ${QUEUE_NAME} --suffix .png`,
    notifications,
    { queues: [{ rules: [{ prefix: 'a/' }, { suffix: '.png' }] }] },
  ),
  read('lists the event notifications', 'bucket notification list BUCKET'),
  read('lists the event notifications by the other name', 'bucket notification get BUCKET'),
  change(
    'stops one rule of a queue',
    `bucket notification delete BUCKET --queue ${QUEUE_NAME} --rule RULE`,
    notifications,
    { queues: [{ rules: [{ suffix: '.png' }] }] },
  ),
  change(
    'stops all rules of a queue',
    `bucket notification delete BUCKET --queue ${QUEUE_NAME}`,
    notifications,
    NO_NOTIFICATIONS,
  ),
]

const SOURCE =
  '--provider AWS --bucket old-assets --region us-east-1 --access-key-id AK --secret-access-key SK'
const sippy: readonly Step[] = [
  change(
    'turns Sippy on',
    `bucket sippy enable BUCKET ${SOURCE} --r2-access-key-id RK --r2-secret-access-key RS`,
    `${bucket}/sippy`,
    { enabled: true, source: { provider: 'aws', bucket: 'old-assets', region: 'us-east-1' } },
  ),
  read('shows the Sippy configuration', 'bucket sippy get BUCKET'),
  change('turns Sippy off', 'bucket sippy disable BUCKET', `${bucket}/sippy`, { enabled: false }),
]

const deletion: readonly Step[] = [
  change('deletes a bucket of a jurisdiction', 'bucket delete BUCKET -J eu', bucket, BUCKET_NOT_FOUND, 'eu'),
  change('deletes a bucket', 'bucket delete BUCKET', bucket, BUCKET_NOT_FOUND),
]

/** Every `r2 bucket` command of the 27 operations on a bucket of its own, in an order in which each succeeds. */
export const script: readonly Step[] = [...creation, ...rules, ...domains, ...events, ...sippy, ...deletion]

/** For a bucket that is there: the commands that read or change it, without those that say where it is. */
export const onOneBucket = script.filter(({ command }) => !/ -J | --location /.test(command))
