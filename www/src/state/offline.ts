/** Keeps the panel's files in the browser. Where that is not allowed, it needs the network as any page does. */
export async function keepOffline(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  try {
    await navigator.serviceWorker.register('./offline.js')
  } catch {
    // A private window, or a page without TLS.
  }
}
