import { beijingTime } from '../clock.js'
import { certificatesOf, type Merchant } from './merchant.js'
import { paramError, Refusal } from './refusal.js'
import { sealResource } from './sealing.js'

/** Answers `GET /v3/certificates` (spec 4.2): every platform certificate, sealed under the APIv3 key. */
export function describeCertificates(query: string, merchant: Merchant): unknown {
  const algorithm = new URLSearchParams(query).get('algorithm_type') ?? 'RSA'
  if (!['RSA', 'SM2', 'ALL'].includes(algorithm)) {
    throw paramError('algorithm_type', 'must be RSA, SM2 or ALL', '参数错误', 'query')
  }
  const certificates = algorithm === 'SM2' ? [] : certificatesOf(merchant) // this platform has no SM2 certificate
  if (certificates.length === 0) {
    throw new Refusal(404, 'RESOURCE_NOT_EXISTS', '无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。')
  }
  return {
    data: certificates.map(({ serial, certificate }) => ({
      serial_no: serial,
      effective_time: beijingTime(certificate.notBefore.getTime()),
      expire_time: beijingTime(certificate.notAfter.getTime()),
      encrypt_certificate: sealResource(merchant.apiV3Key, certificate.pem, 'certificate'),
    })),
  }
}
