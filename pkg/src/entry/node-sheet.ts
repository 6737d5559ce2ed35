/** `payseal/sheet`, with the core started as `payseal` starts it. */
import './node.js'

export * from '../sheet.js'
