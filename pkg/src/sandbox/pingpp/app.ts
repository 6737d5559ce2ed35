import { type KeyPair, makeKeyPair, privatePem, publicPem, randomText } from '../keys.js'

/** The options of a Ping++ client for this sandbox. */
export interface PingppCredentials {
  readonly app: string
  readonly apiKey: string
  /** PKCS#8 PEM. */
  readonly privateKey: string
  /** SPKI PEM of the key that signs events and replies. */
  readonly platformPublicKey: string
  readonly baseUrl: string
}

/** The app of this sandbox, as both sides know it. */
export interface App {
  readonly id: string
  readonly apiKey: string
  readonly keys: KeyPair
  readonly platformKeys: KeyPair
  /** What the order numbers of allinpay must begin with; anything when absent. */
  readonly allinpayMerchant: string | undefined
}

/** Makes an app with fresh keys. */
export async function makeApp(allinpayMerchant?: string): Promise<App> {
  const [keys, platformKeys] = await Promise.all([makeKeyPair(), makeKeyPair()])
  // The id that the samples of the API reference carry, so that they can be tried as they stand.
  return { id: 'app_1Gqj58ynP0mHeX1q', apiKey: `sk_test_${randomText(24)}`, keys, platformKeys, allinpayMerchant }
}

/** What a client is configured with. */
export function credentialsOf(app: App, baseUrl: string): PingppCredentials {
  return {
    app: app.id,
    apiKey: app.apiKey,
    privateKey: privatePem(app.keys.privateKey),
    platformPublicKey: publicPem(app.platformKeys.publicKey),
    baseUrl,
  }
}
