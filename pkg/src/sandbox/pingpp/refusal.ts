import { jsonReply, type Reply } from '../http.js'

/** The kinds of errors that payouts meet: spec 9.2. */
export type ErrorType = 'invalid_request_error' | 'api_error' | 'channel_error'

/** A request that is refused, with the error body of spec 9.1 in the language that the caller accepts. */
export class Refusal extends Error {
  readonly status: number
  readonly type: ErrorType
  readonly chinese: string
  readonly param: string | undefined

  constructor(status: number, type: ErrorType, chinese: string, english: string, param?: string) {
    super(english)
    this.status = status
    this.type = type
    this.chinese = chinese
    this.param = param
  }

  /** The reply that says it; `language` is the Accept-Language header. */
  reply(language: string | undefined): Reply {
    const message = language?.startsWith('en') ? this.message : this.chinese
    return jsonReply(this.status, { error: { type: this.type, message, param: this.param } })
  }
}

/** 400 about one parameter; `issue` names the rule in English and never quotes the value. */
export function badParameter(param: string, issue: string): Refusal {
  return new Refusal(400, 'invalid_request_error', `参数 ${param} 不正确（${issue}）`, `${param} ${issue}`, param)
}

/** 400 about the state of something. */
export function badRequest(chinese: string, english: string): Refusal {
  return new Refusal(400, 'invalid_request_error', chinese, english)
}

/** 401: the key or the signature. */
export function unauthorized(chinese: string, english: string): Refusal {
  return new Refusal(401, 'invalid_request_error', chinese, english)
}

/** 404 about a path or an object. */
export function notFound(what: string, param?: string): Refusal {
  return new Refusal(404, 'invalid_request_error', `找不到 ${what}`, `no such ${what}`, param)
}
