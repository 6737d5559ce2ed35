import { jsonReply, type Reply } from '../http.js'

/** What the provider tells about a mistake: a JSON pointer or a parameter, in which part of the request. */
export interface RefusalDetail {
  readonly field?: string
  readonly issue?: string
  readonly location?: 'body' | 'query' | 'url' | 'header' | 'authorization'
  readonly sign_information?: {
    readonly method: string
    readonly url: string
    readonly truncated_sign_message: string
    readonly sign_message_length: number
  }
}

/** A request that is refused, with the error body of spec 1.4. The Chinese message is for people, the code for programs. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  readonly detail: RefusalDetail | undefined

  constructor(status: number, code: string, message: string, detail?: RefusalDetail) {
    super(message)
    this.status = status
    this.code = code
    this.detail = detail
  }

  /** The reply that says it. */
  reply(): Reply {
    return jsonReply(this.status, { code: this.code, message: this.message, detail: this.detail })
  }
}

/** 400 `PARAM_ERROR` about one field; `issue` names the rule in English and never quotes the value. */
export function paramError(
  field: string,
  issue: string,
  message = '参数错误',
  location: RefusalDetail['location'] = 'body',
): Refusal {
  return new Refusal(400, 'PARAM_ERROR', message, { field, issue, ...(location && { location }) })
}

/** 400 `INVALID_REQUEST`: the request breaks a rule of the product. */
export function invalidRequest(message: string): Refusal {
  return new Refusal(400, 'INVALID_REQUEST', message)
}

/** 401 `SIGN_ERROR`. */
export function signError(message: string, detail?: RefusalDetail): Refusal {
  return new Refusal(401, 'SIGN_ERROR', message, detail)
}

/** 404 `NOT_FOUND`: not here, or not here yet, or not here any more. */
export function notFound(): Refusal {
  return new Refusal(404, 'NOT_FOUND', '记录不存在')
}
