import { type ApiError, invalidRequest } from '../../errors.ts'

/** SDKs before 7.2 say `jurisdiction` where it is a header now; passed over, it would change the wrong bucket. */
export function misdirectedJurisdiction(place: 'query' | 'body'): ApiError {
  const message =
    'the jurisdiction goes in the header cf-r2-jurisdiction (in SDKs from 7.2 on a parameter of that name)'
  return invalidRequest([{ in: place, pointer: '/jurisdiction', message }])
}
