/** What the package finds in a file, as expected.json writes it: issues by cell, or the code of a refusal. No host imports. */
export async function found({ readSheet }, bytes) {
  try {
    const { issues } = await readSheet(bytes, { target: 'wechat-batch', locale: 'en' })
    return issues.map(({ path, code, reason, severity }) => `${path} ${code} ${reason} ${severity}`)
  } catch (error) {
    return error.code
  }
}
