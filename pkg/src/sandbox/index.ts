/**
 * A payment provider on this machine: it judges every byte of a request as the real ones say they do, and moves no money.
 *
 * Written on Node's own modules alone, without anything else of this package, so that its judgement is a second
 * opinion. For tests: it listens on loopback only, and its keys live as long as it does.
 *
 * @example
 * const sandbox = await startSandbox();
 * const wechat = new WechatPay(sandbox.wechat);
 * await wechat.transferBatches.create(batch);
 * await sandbox.advance(60);
 * sandbox.ledger(); // what was really paid
 * await sandbox.close();
 */
import { Clock } from './clock.js'
import { type Controls, controlPages } from './control.js'
import { Deliveries } from './deliveries.js'
import { Faults } from './faults.js'
import { Ledger } from './ledger.js'
import { panelPages } from './panel.js'
import type { PingppCredentials } from './pingpp/app.js'
import { Pingpp } from './pingpp/pingpp.js'
import { SandboxServer } from './server.js'
import type { PlatformMode, WechatCredentials } from './wechat/merchant.js'
import { Wechat } from './wechat/wechat.js'

export type { Controls } from './control.js'
export type { Attempt, Delivery } from './deliveries.js'
export type { Fault, FaultKind } from './faults.js'
export type { LedgerEntry } from './ledger.js'
export type { PingppCredentials } from './pingpp/app.js'
export type { PlatformMode, WechatCredentials } from './wechat/merchant.js'

/** What can be chosen about a sandbox; everything has a default. */
export interface SandboxOptions {
  /** The loopback port; any free one for 0, which is the default. */
  readonly port?: number
  /** What WeChat Pay's operating account holds at the start, in fen; a billion yuan by default. */
  readonly balance?: number
  /** Which kinds of platform keys WeChat Pay has; `both` by default. */
  readonly platform?: PlatformMode
  /** The appids a WeChat Pay batch may name; any by default. */
  readonly appids?: readonly string[]
  /** Where Ping++ sends events; nowhere by default. Only addresses of this machine are ever called. */
  readonly webhook?: string
  /** What Ping++ demands the order numbers of allinpay to begin with; anything by default. */
  readonly allinpayMerchant?: string
  /** The folder of a built admin panel, served at /panel/; by default the one beside this package, if there is one. */
  readonly panel?: string
}

/** A running sandbox. */
export interface Sandbox extends Controls {
  readonly url: string
  /** Ready-made options of a WeChat Pay client; read again after a rotation to know the new certificate. */
  readonly wechat: WechatCredentials
  /** Ready-made options of a Ping++ client. */
  readonly pingpp: PingppCredentials
  /** Sends the events of Ping++ to `url` from now on. @throws {TypeError} if it is not an http or https URL. */
  webhook(url: string): void
  /** Stops everything and frees the port. */
  close(): Promise<void>
}

const BILLION_YUAN = 100_000_000_000

/**
 * Starts a sandbox with fresh keys.
 *
 * @throws {RangeError} if the balance is not a whole number of fen.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, balance = BILLION_YUAN, platform = 'both', appids, webhook, allinpayMerchant, panel } = options
  if (!Number.isSafeInteger(balance) || balance < 0) throw new RangeError('balance must be a whole number of fen')
  const clock = new Clock()
  const faults = new Faults()
  const deliveries = new Deliveries(clock, faults)
  const ledger = new Ledger()
  const world = { clock, faults, deliveries, ledger }
  const [wechat, pingpp] = await Promise.all([
    Wechat.start(world, { balance, platform, appids }),
    Pingpp.start(world, { webhook, allinpayMerchant }),
  ])

  const controls: Controls = {
    ledger: () => ledger.entries(),
    deliveries: () => deliveries.list(),
    advance: seconds => clock.advance(seconds),
    fault: fault => faults.arm(fault),
    rotateCertificate: () => wechat.rotateCertificate(),
  }
  const credentials = () => ({
    url,
    wechat: { ...wechat.credentials(url), ...wechat.certificates() },
    pingpp: pingpp.credentials(url),
  })
  const server = new SandboxServer([wechat, pingpp], controlPages(controls, credentials), faults, panelPages(panel))
  const url = await server.listen(port)
  return {
    ...controls,
    url,
    get wechat() {
      return wechat.credentials(url)
    },
    pingpp: pingpp.credentials(url),
    webhook: to => pingpp.webhook(to),
    async close() {
      clock.stop()
      deliveries.stop()
      await server.close()
    },
  }
}
