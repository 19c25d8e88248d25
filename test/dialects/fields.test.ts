import { expect, test } from 'vitest'
import { call, emulator, everything, keyWithGrants, problemOf } from '../harness.ts'
import { cors, WRONG } from './wrong-fields.ts'

/** Fields that are wrong: each is named by a JSON pointer (RFC 6901), and nothing is sent. */

const named = WRONG.map(([{ method, path }, body, pointers]) => ({
  method,
  path,
  body,
  pointers,
  shown: (typeof body === 'string' ? body : JSON.stringify(body)).slice(0, 120),
}))

test.each(named)(
  '$method $path with $shown is refused at $pointers',
  async ({ method, path, body, pointers }) => {
    const key = await keyWithGrants(everything)
    const problem = await problemOf(call(path, { key, method, body }))
    expect({ status: problem.status, code: problem.code }).toEqual({ status: 400, code: 'invalid_request' })
    const expected = pointers.map((pointer) => ({ in: 'body', pointer, message: expect.stringMatching(/./) }))
    expect(problem.errors).toEqual(expect.arrayContaining(expected))
    expect(problem.errors).toHaveLength(pointers.length)
    expect(await emulator.received()).toEqual([])
  },
)

test.each([
  ['items', `{"rules":[${'1,'.repeat(500_000)}1]}`],
  ['items within a rule', `{"rules":[{"allowed":{"methods":["GET"],"origins":[${'1,'.repeat(500_000)}1]}}]}`],
  ['fields', `{${Array.from({ length: 90_000 }, (_, at) => `"f${at}":1`).join(',')}}`],
])('a body with very many wrong %s is refused in an answer no longer than itself', async (_, body) => {
  const key = await keyWithGrants(everything)
  const response = await call(cors.path, { key, method: 'PUT', body })
  const answer = await response.text()
  expect(response.status).toBe(400)
  expect(answer.length).toBeLessThan(body.length)
})
