/** What the panel uses of the package's types, by the names it uses. */
import type { Issue as CoreIssue, PingppLimits, WechatLimits } from 'payseal'
import type { SheetOptions as CoreOptions, OpenSheet, SheetProgress, SheetTargetInfo } from 'payseal/sheet'

export type { Locale } from 'payseal'
export type { OpenSheet, Sheet, SheetFacts, SheetTarget } from 'payseal/sheet'

export type Issue = CoreIssue
export type Fix = NonNullable<Issue['fix']>
export type Progress = SheetProgress
export type TargetFacts = SheetTargetInfo
export type FileFormat = 'csv' | 'xlsx'
export type Limits = WechatLimits | PingppLimits

/** The package's options without `undefined` for what is left out. */
type Given<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> }

export type SheetOptions = Given<Omit<CoreOptions, 'type'>> & Pick<CoreOptions, 'target' | 'type'>
export type Encoding = NonNullable<CoreOptions['encoding']>
export type Separator = NonNullable<CoreOptions['separator']>
export type AmountUnit = NonNullable<CoreOptions['amountUnit']>

/** How the bytes are read; what is left out is detected. */
export type Reading = Given<Pick<CoreOptions, 'encoding' | 'separator' | 'worksheet'>>
/** Whom Ping++ pays; targets of WeChat Pay have no types. */
export type PayeeType = NonNullable<CoreOptions['type']>

export type Changes = Given<Omit<Parameters<OpenSheet['configure']>[0], 'type'>> & { type?: PayeeType | undefined }
