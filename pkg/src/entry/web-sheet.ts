/** `payseal/sheet`, with the core started as `payseal` starts it. */
import './web.js'

export * from '../sheet.js'
