/** What the suite is given: the sandbox's merchant, and keys of every wrong kind. All made at run time, none used anywhere else. */
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'

const pkcs8 = { type: 'pkcs8', format: 'pem' }
const rsa = modulusLength => generateKeyPairSync('rsa', { modulusLength }).privateKey

/** @param url of a running sandbox */
export async function makeCredentials(url) {
  const response = await fetch(`${url}/_sandbox/credentials`)
  const { wechat, pingpp } = await response.json()
  const merchant = createPrivateKey(wechat.privateKey)
  const platform = rsa(2048)
  return {
    wechat,
    pingpp,
    // Plays the provider in the replies that the suite writes itself.
    judge: {
      id: 'PUB_KEY_ID_0114232134912410000000000000',
      publicKey: publicPem(platform),
      privateKey: platform.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    },
    keys: {
      public: publicPem(merchant),
      certificate: wechat.merchantCertificate,
      encrypted: merchant.export({ ...pkcs8, cipher: 'aes-256-cbc', passphrase: 'test' }),
      ec: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(pkcs8),
      small: rsa(1024).export(pkcs8),
      pkcs1: merchant.export({ type: 'pkcs1', format: 'pem' }),
      inconsistent: inconsistent(merchant),
      other: rsa(2048).export(pkcs8),
    },
  }
}

function publicPem(key) {
  return createPublicKey(key).export({ type: 'spki', format: 'pem' })
}

/** The DER of a key with one bit of its second prime turned, so that the primes no longer make the modulus. */
function inconsistent(key) {
  const der = key.export({ type: 'pkcs8', format: 'der' })
  const prime = Buffer.from(key.export({ format: 'jwk' }).q, 'base64url')
  der[der.indexOf(prime) + prime.length - 2] ^= 1
  return der.toString('base64')
}
