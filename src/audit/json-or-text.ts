/** What is kept as JSON, read. What somebody has made unreadable is shown as the text that it is, and hides nothing else. */
export function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
