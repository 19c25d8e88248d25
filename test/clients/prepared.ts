import { arrange, type Place, QUEUE, seed, ZONE } from './running.ts'

/** A bucket that has of everything what the commands of the script read, change or remove. */
export async function prepareBucket(name: string, place: Place = 'default'): Promise<void> {
  const bucket = `/r2/buckets/${name}`
  await seed({ buckets: [{ name, jurisdiction: place }] })
  const put = (path: string, body: unknown) => arrange('PUT', path, body, place)
  await put(`${bucket}/lifecycle`, {
    rules: [
      {
        id: 'expire',
        enabled: true,
        conditions: { prefix: 'logs/' },
        deleteObjectsTransition: { condition: { type: 'Age', maxAge: 86_400 } },
      },
    ],
  })
  await put(`${bucket}/lock`, {
    rules: [{ id: 'keep', enabled: true, prefix: 'logs/', condition: { type: 'Indefinite' } }],
  })
  await put(`${bucket}/cors`, { rules: [{ allowed: { origins: ['*'], methods: ['GET'] } }] })
  await put(`${bucket}/sippy`, {
    source: { provider: 'aws', bucket: 'b', region: 'r', accessKeyId: 'k', secretAccessKey: 's' },
    destination: { provider: 'r2', accessKeyId: 'k', secretAccessKey: 's' },
  })
  await put(`/event_notifications/r2/${name}/configuration/queues/${QUEUE}`, {
    rules: [{ actions: ['PutObject'], prefix: 'seen/' }],
  })
  const domain = { domain: `cdn.${name}.example.com`, zoneId: ZONE, enabled: true }
  await arrange('POST', `${bucket}/domains/custom`, domain, place)
}
