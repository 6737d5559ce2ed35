/** `payseal/sheet`, with the core started as `payseal` starts it. */
import './workerd.js'

export * from '../sheet.js'
