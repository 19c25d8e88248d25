import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Checkout } from './checkout.ts'
import { run } from './run.ts'

/** What is looked at before `npm start`. */

let checkout: Checkout
beforeAll(() => {
  checkout = new Checkout()
})
afterAll(() => checkout.remove())

const preflight = () => run([process.execPath, 'scripts/preflight.js'], { cwd: checkout.folder })

it('says nothing where everything is installed', async () => {
  expect(await preflight()).toEqual({ code: 0, stdout: '', stderr: '' })
})

describe('where `npm ci` was forgotten', () => {
  it('says so in one line', async () => {
    rmSync(checkout.path('node_modules'))
    const stderr = 'The packages are not installed yet. First: npm ci\n'
    expect(await preflight()).toEqual({ code: 1, stdout: '', stderr })
  })
})
