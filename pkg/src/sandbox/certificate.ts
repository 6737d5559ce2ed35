/*
 * A writer for self-signed X.509 certificates, because node:crypto reads certificates but cannot make one.
 * It knows the few DER types a test certificate needs (ITU-T X.690; RFC 5280 section 4.1), and no extensions.
 */
import { type KeyObject, sign } from 'node:crypto'

/** What a certificate says. */
export interface CertificateFacts {
  /** Upper-case hex of an even number of digits whose first byte is below 80, so that DER adds no sign byte. */
  readonly serial: string
  readonly commonName: string
  readonly notBefore: Date
  readonly notAfter: Date
  readonly publicKey: KeyObject
}

/** Makes a certificate, signed by `issuerKey` with SHA-256 and RSA, as PEM. */
export function makeCertificate(facts: CertificateFacts, issuerKey: KeyObject): string {
  const name = sequence(set(sequence(COMMON_NAME, der(0x0c, Buffer.from(facts.commonName)))))
  const content = sequence(
    der(0xa0, der(0x02, Buffer.of(2))), // version 3
    der(0x02, Buffer.from(facts.serial, 'hex')),
    SHA256_WITH_RSA,
    name,
    sequence(time(facts.notBefore), time(facts.notAfter)),
    name,
    facts.publicKey.export({ type: 'spki', format: 'der' }),
  )
  const certificate = sequence(content, SHA256_WITH_RSA, der(0x03, Buffer.of(0), sign('sha256', content, issuerKey)))
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  return Buffer.concat([Buffer.of(tag), length(content.length), content])
}

function length(value: number): Buffer {
  if (value < 0x80) return Buffer.of(value)
  const digits = value.toString(16)
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex')
  return Buffer.concat([Buffer.of(0x80 | bytes.length), bytes])
}

function sequence(...parts: Uint8Array[]): Buffer {
  return der(0x30, ...parts)
}

function set(...parts: Uint8Array[]): Buffer {
  return der(0x31, ...parts)
}

/** UTCTime, which RFC 5280 demands for every year before 2050. */
function time(moment: Date): Buffer {
  const digits = moment.toISOString().replace(/[-:T]/g, '').slice(2, 14)
  return der(0x17, Buffer.from(`${digits}Z`))
}

/** Object identifier 2.5.4.3. */
const COMMON_NAME = der(0x06, Buffer.of(0x55, 0x04, 0x03))

/** Object identifier 1.2.840.113549.1.1.11 with the NULL parameters that RFC 4055 demands. */
const SHA256_WITH_RSA = sequence(der(0x06, Buffer.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b)), der(0x05))
