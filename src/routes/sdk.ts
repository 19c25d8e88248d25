/**
 * Holds the inputs of v1 to the official SDK's parameter types while this is compiled: an input that the
 * SDK would not send, or a field of the SDK's that is not known here, fails the build. Types only:
 * nothing of this file, or of the SDK, is in the Worker.
 */
import type * as Sdk from 'cloudflare/resources/r2/buckets/buckets'
import type * as SdkCors from 'cloudflare/resources/r2/buckets/cors'
import type * as SdkCustom from 'cloudflare/resources/r2/buckets/domains/custom'
import type * as SdkManaged from 'cloudflare/resources/r2/buckets/domains/managed'
import type * as SdkNotifications from 'cloudflare/resources/r2/buckets/event-notifications'
import type * as SdkLifecycle from 'cloudflare/resources/r2/buckets/lifecycle'
import type * as SdkLocks from 'cloudflare/resources/r2/buckets/locks'
import type * as SdkSippy from 'cloudflare/resources/r2/buckets/sippy'
import type * as z from 'zod'
import type { Jurisdiction } from '../policy/names.ts'
import type { bucketChange, bucketCreation } from './r2/buckets.ts'
import type { corsPolicy } from './r2/cors.ts'
import type { customDomainChange, customDomainCreation } from './r2/custom-domains.ts'
import type { notificationRules } from './r2/event-notifications.ts'
import type { lifecycleRules } from './r2/lifecycle.ts'
import type { lockRules } from './r2/locks.ts'
import type { managedDomainChange } from './r2/managed-domain.ts'
import type { sippyChange } from './r2/sippy.ts'

/** What of the SDK's parameters goes in the body. */
type Body<Params> = Params extends unknown
  ? Omit<Params, 'account_id' | 'bucket_name' | 'cf-r2-jurisdiction'>
  : never

/** Every field of a shape, nested ones with their path. */
type Fields<T> = T extends readonly (infer Item)[]
  ? Fields<Item>
  : T extends object
    ? { [K in keyof T & string]: K | `${K}.${Fields<NonNullable<T[K]>>}` }[keyof T & string]
    : never

/** `true`, or what is wrong: fields of the SDK's that are missing here, or the type that the SDK would not take. */
type Agrees<Ours, Theirs> = [Exclude<Fields<Theirs>, Fields<Ours>>] extends [never]
  ? Ours extends Theirs
    ? true
    : { 'the SDK would not send': Ours }
  : { 'fields that are not known here': Exclude<Fields<Theirs>, Fields<Ours>> }

type Holds<Schema extends z.ZodType, Params> = Agrees<z.output<Schema>, Body<Params>>

/** A body with a union inside, as the union of bodies that the SDK has. */
type SippyBody<B extends { source: unknown }, Source = B['source']> = Source extends unknown
  ? Omit<B, 'source'> & { source: Source }
  : never

type All<Checks extends readonly true[]> = Checks

export type InputsAgreeWithTheSdk = All<
  [
    Holds<typeof bucketCreation, Sdk.BucketCreateParams>,
    Agrees<z.output<typeof bucketChange>['storageClass'], Sdk.BucketEditParams['storage_class']>,
    Holds<typeof lifecycleRules, SdkLifecycle.LifecycleUpdateParams>,
    Holds<typeof corsPolicy, SdkCors.CORSUpdateParams>,
    Holds<typeof customDomainCreation, SdkCustom.CustomCreateParams>,
    Holds<typeof customDomainChange, SdkCustom.CustomUpdateParams>,
    Holds<typeof managedDomainChange, SdkManaged.ManagedUpdateParams>,
    Holds<typeof notificationRules, SdkNotifications.EventNotificationUpdateParams>,
    Holds<typeof lockRules, SdkLocks.LockUpdateParams>,
    Agrees<SippyBody<z.output<typeof sippyChange>>, Body<SdkSippy.SippyUpdateParams>>,
    Agrees<Jurisdiction, NonNullable<Sdk.BucketGetParams['cf-r2-jurisdiction']>>,
    Agrees<NonNullable<Sdk.BucketGetParams['cf-r2-jurisdiction']>, Jurisdiction>,
  ]
>
