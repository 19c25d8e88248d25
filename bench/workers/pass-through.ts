/** What the warden is compared with: it puts the token on and passes everything on as it comes. */
interface PassThrough {
  readonly BASE_URL: string
  readonly TOKEN: string
}

export default {
  fetch(request, env) {
    const { pathname, search } = new URL(request.url)
    const headers = new Headers(request.headers)
    headers.set('authorization', `Bearer ${env.TOKEN}`)
    return fetch(env.BASE_URL + pathname + search, { method: request.method, headers, body: request.body })
  },
} satisfies ExportedHandler<PassThrough>
