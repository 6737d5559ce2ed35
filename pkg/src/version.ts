/** The version of the package, for User-Agent; a packaging test compares it with package.json. */
export const version = '0.1.0'
