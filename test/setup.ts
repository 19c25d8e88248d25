import { applyD1Migrations, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { forgetKeys } from '../src/identity/key-cache.ts'
import { emulator, forgetGivenKey, noMoreCalls, settleLanes } from './harness.ts'
import { forgetLanesAsked } from './lanes-asked.ts'
import { beginLeakWatch, expectNoLeak, sawPending } from './leak-watch.ts'
import { shortenPauses } from './short-pauses.ts'

shortenPauses()

/** Many files share one runtime: each begins with an empty store, no lanes, and a warden that remembers nothing. */
beforeAll(async () => {
  await reset()
  forgetKeys()
  forgetGivenKey()
  forgetLanesAsked()
  beginLeakWatch()
  await applyD1Migrations(env.DB, env.MIGRATIONS)
})

beforeEach(async () => {
  await emulator.reset()
  if (!sawPending()) return
  await settleLanes()
  await emulator.reset()
})

afterEach(expectNoLeak)

/** What goes on when a file ends would go on in the store of the next. */
afterAll(noMoreCalls)
