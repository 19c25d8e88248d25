import { beforeAll, describe, expect, it } from 'vitest'
import { operationNames } from '../../../src/routes/index.ts'
import { type Driven, drive } from '../drive.ts'
import { running } from './stack.ts'

describe.each(['default', 'eu'])('every operation through v1, in jurisdiction %s', (jurisdiction) => {
  let driven: Driven[]
  beforeAll(async () => {
    driven = await drive({ baseUrl: running().warden, key: running().key('platform-owner') }, jurisdiction)
  })

  it.each(operationNames)('%s succeeds', (name) => {
    const calls = driven.filter(({ operation }) => operation === name)
    const failed = calls.filter(({ status }) => status >= 300)
    expect({ calls: calls.length > 0, failed }).toEqual({ calls: true, failed: [] })
  })

  it('shows no secret of a body again', () => {
    expect(driven.map(({ answer }) => answer).join()).not.toContain('-secret-of-the-driver')
  })
})
