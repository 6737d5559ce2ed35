import { type KeyObject, webcrypto } from 'node:crypto'
import { makeCertificate } from '../certificate.js'
import { type KeyPair, makeKeyPair, makeSerial, privatePem, publicPem, randomText } from '../keys.js'

/** How WeChat Pay's own key is known: spec 4. `both` is the time of the switch, when callers choose. */
export type PlatformMode = 'both' | 'public-key' | 'certificate'

/** One key of the platform, by the name that stands in `Wechatpay-Serial`. */
export interface PlatformKey {
  readonly serial: string
  readonly publicKey: string
  /** Absent for the key of the public-key mode. */
  readonly certificate?: { readonly pem: string; readonly notBefore: Date; readonly notAfter: Date }
  readonly signingKey: KeyObject
  /** The same key for opening sealed names, held by WebCrypto, which opens them beside the event loop. */
  readonly openingKey: webcrypto.CryptoKey
}

/** The options of a WeChat Pay client for this sandbox. */
export interface WechatCredentials {
  readonly mchid: string
  readonly serialNo: string
  /** PKCS#8 PEM. */
  readonly privateKey: string
  readonly apiV3Key: string
  readonly platformKeys: readonly (
    | { readonly id: string; readonly publicKey: string }
    | { readonly certificate: string }
  )[]
  readonly baseUrl: string
  readonly appid: string
  readonly limits: { readonly localNotifyUrl: true }
}

/** The merchant of this sandbox, as both sides know it. */
export interface Merchant {
  readonly mchid: string
  readonly appid: string
  readonly serialNo: string
  readonly apiV3Key: string
  readonly mode: PlatformMode
  /** The appids a batch may name; any when absent. */
  readonly boundAppids: readonly string[] | undefined
  readonly keys: KeyPair
  /** The merchant API certificate as PEM. */
  readonly certificate: string
  /** Oldest first; a rotation adds one. */
  readonly platformKeys: PlatformKey[]
}

const YEAR = 365 * 86_400_000

/** Makes a merchant with fresh keys, all of them generated side by side. */
export async function makeMerchant(mode: PlatformMode, boundAppids?: readonly string[]): Promise<Merchant> {
  const mchid = '1900001109'
  const serialNo = makeSerial()
  const [keys, publicKey, certificate] = await Promise.all([
    makeKeyPair(),
    mode === 'certificate' ? undefined : makePublicKey(mchid),
    mode === 'public-key' ? undefined : makePlatformCertificate(),
  ])
  return {
    mchid,
    appid: boundAppids?.[0] ?? 'wxf636efh567hg4356',
    boundAppids,
    serialNo,
    apiV3Key: randomText(32),
    mode,
    keys,
    certificate: makeCertificate(
      { serial: serialNo, commonName: mchid, publicKey: keys.publicKey, ...fiveYears() },
      keys.privateKey,
    ),
    platformKeys: [publicKey, certificate].filter(key => key !== undefined),
  }
}

/** Makes one more platform certificate, as a rotation brings it. */
export async function makePlatformCertificate(): Promise<PlatformKey> {
  const pair = await makeKeyPair()
  const serial = makeSerial()
  const validity = fiveYears()
  const pem = makeCertificate(
    { serial, commonName: 'Tenpay.com sandbox', publicKey: pair.publicKey, ...validity },
    pair.privateKey,
  )
  return { ...(await platformKey(serial, pair)), certificate: { pem, ...validity } }
}

/** The platform certificates, oldest first. */
export function certificatesOf(merchant: Merchant): (PlatformKey & Required<Pick<PlatformKey, 'certificate'>>)[] {
  return merchant.platformKeys.filter(key => key.certificate !== undefined) as ReturnType<typeof certificatesOf>
}

/** What a client is configured with. */
export function credentialsOf(merchant: Merchant, baseUrl: string): WechatCredentials {
  return {
    mchid: merchant.mchid,
    serialNo: merchant.serialNo,
    privateKey: privatePem(merchant.keys.privateKey),
    apiV3Key: merchant.apiV3Key,
    platformKeys: merchant.platformKeys.map(({ serial, publicKey, certificate }) =>
      certificate ? { certificate: certificate.pem } : { id: serial, publicKey },
    ),
    baseUrl,
    appid: merchant.appid,
    limits: { localNotifyUrl: true },
  }
}

async function makePublicKey(mchid: string): Promise<PlatformKey> {
  return platformKey(`PUB_KEY_ID_01${mchid}${randomText(16, '0123456789')}`, await makeKeyPair())
}

async function platformKey(serial: string, { publicKey, privateKey }: KeyPair): Promise<PlatformKey> {
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' })
  const algorithm = { name: 'RSA-OAEP', hash: 'SHA-1' }
  return {
    serial,
    publicKey: publicPem(publicKey),
    signingKey: privateKey,
    openingKey: await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['decrypt']),
  }
}

/** Certificates are made for the real clock, whatever the business clock says: their readers go by the real one. */
function fiveYears(): { notBefore: Date; notAfter: Date } {
  const now = Math.floor(Date.now() / 1000) * 1000
  return { notBefore: new Date(now - 86_400_000), notAfter: new Date(now + 5 * YEAR) }
}
