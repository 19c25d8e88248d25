/** The name that Cloudflare gives each answer in `cf-ray`: 16 hexadecimal digits, and the airport nearest to it. */
export function newRay(): string {
  const [number = 0n] = crypto.getRandomValues(new BigUint64Array(1))
  return `${number.toString(16).padStart(16, '0')}-EMU`
}
