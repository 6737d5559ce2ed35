/** Recognises a private key, so that the page can refuse it before anybody keeps it. */

const ARMOUR = /-----BEGIN [A-Z ]*PRIVATE KEY-----/
/** The DER of an RSA or PKCS#8 private key begins with a sequence that begins with the integer 0 (or 1, in SEC 1). */
const BEGINNING = /^30(?:82....|81..|..)0201(?:00|01)/

export function looksLikePrivateKey(text: string): boolean {
  if (ARMOUR.test(text)) return true
  const base64 = text.replace(/-----[^-]*-----/g, '').replace(/\\n|\s/g, '')
  if (base64.length < 100 || !/^[A-Za-z0-9+/]+=*$/.test(base64)) return false
  const hex = [...atob(base64.slice(0, 16))].map(c => c.charCodeAt(0).toString(16).padStart(2, '0')).join('')
  return BEGINNING.test(hex)
}
