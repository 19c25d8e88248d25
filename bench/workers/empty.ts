/** Nothing but an answer: what workerd takes by itself. */
export default { fetch: () => new Response('ok') }
