/** Below this many fen a payment fails after it was accepted (spec 8.5). */
const SMALLEST_AMOUNT = 10

/** Every reason for which a payment of a batch can fail: spec 13.3, spelling included. */
export const FAIL_REASONS = [
  'ACCOUNT_FROZEN',
  'REAL_NAME_CHECK_FAIL',
  'NAME_NOT_CORRECT',
  'OPENID_INVALID',
  'TRANSFER_QUOTA_EXCEED',
  'DAY_RECEIVED_QUOTA_EXCEED',
  'MONTH_RECEIVED_QUOTA_EXCEED',
  'DAY_RECEIVED_COUNT_EXCEED',
  'PRODUCT_AUTH_CHECK_FAIL',
  'OVERDUE_CLOSE',
  'ID_CARD_NOT_CORRECT',
  'ACCOUNT_NOT_EXIST',
  'TRANSFER_RISK',
  'OTHER_FAIL_REASON_TYPE',
  'REALNAME_ACCOUNT_RECEIVED_QUOTA_EXCEED',
  'RECEIVE_ACCOUNT_NOT_PERMMIT',
  'RECEIVE_ACCOUNT_NOT_CONFIGURE',
  'PAYEE_ACCOUNT_ABNORMAL',
  'PAYER_ACCOUNT_ABNORMAL',
  'TRANSFER_SCENE_UNAVAILABLE',
  'TRANSFER_SCENE_INVALID',
  'TRANSFER_REMARK_SET_FAIL',
  'BLOCK_B2C_USERLIMITAMOUNT_BSRULE_MONTH',
  'BLOCK_B2C_USERLIMITAMOUNT_MONTH',
  'MERCHANT_REJECT',
  'MERCHANT_NOT_CONFIRM',
] as const

/** One of {@link FAIL_REASONS}. */
export type FailReason = (typeof FAIL_REASONS)[number]

/**
 * Decides how a payment ends: it succeeds, unless its amount is below the minimum or its openid asks for a failure.
 *
 * An openid asks for one by its beginning: `oFAIL_` and a reason, as in `oFAIL_ACCOUNT_FROZEN_0001`.
 * What follows `oFAIL_` without being a reason fails as `OTHER_FAIL_REASON_TYPE`.
 *
 * @returns the reason of the failure, or undefined for a success.
 */
export function failReason(openid: string, amount: number): FailReason | undefined {
  if (openid.startsWith('oFAIL_')) {
    const rest = openid.slice('oFAIL_'.length)
    return FAIL_REASONS.find(reason => rest.startsWith(reason)) ?? 'OTHER_FAIL_REASON_TYPE'
  }
  return amount < SMALLEST_AMOUNT ? 'TRANSFER_QUOTA_EXCEED' : undefined
}
