import { expect, test } from 'vitest'
import { operationNames } from '../../src/routes/index.ts'
import { ALL_OPERATIONS, ROLE_TABLE } from './role-table.ts'
import { isAllowed, on, policy } from './tools.ts'

const everythingAs = (role: string) => policy({ grants: [{ role, buckets: ['*'], jurisdictions: ['*'] }] })

test('the table names all 27 operations of R2, each once', () => {
  expect([...ALL_OPERATIONS].sort()).toEqual([...operationNames].sort())
  expect(ALL_OPERATIONS).toHaveLength(27)
})

test.each([...ROLE_TABLE])('%s may do exactly what the table says', (role, expected) => {
  const allowed = ALL_OPERATIONS.filter((operation) => isAllowed(everythingAs(role), on(operation, 'assets')))
  expect(allowed).toEqual(expected)
})

test.each([
  ['viewer', 'editor'],
  ['editor', 'admin'],
  ['admin', 'owner'],
])('whatever %s may do, %s may do, and more', (lesser, greater) => {
  const names = [...operationNames, 'warden.keys.create']
  const may = (role: string) =>
    names.filter((operation) => isAllowed(everythingAs(role), on(operation, 'assets')))
  expect(may(greater)).toEqual(expect.arrayContaining(may(lesser)))
  expect(may(greater).length).toBeGreaterThan(may(lesser).length)
})

test('only owner may do the operations of the warden itself', () => {
  const mayMakeKeys = (role: string) => isAllowed(everythingAs(role), on('warden.keys.create', null))
  expect([...ROLE_TABLE.keys()].filter(mayMakeKeys)).toEqual(['owner'])
})
