// The Nodes that are measured, pinned here and nowhere else. They are fetched when somebody measures, into target/bench: whoever only tests
// should not have to download them.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

const versions = ['20.20.2', '22.23.3', '26.10.0']

const major = version => Number(version.split('.')[0])

/** `{ version, executable }`, or `{ version, missing: why }`, for each; the one that runs this stands for its own major version. */
export function nodes(target) {
  return versions.map(version => {
    if (major(version) === major(process.versions.node))
      return { version: process.versions.node, executable: process.execPath }
    const system = process.platform === 'win32' ? 'win' : process.platform
    const name = `node-${system}-${process.arch}`
    const folder = join(target, 'bench', `node-${version}`)
    const program = process.platform === 'win32' ? 'node.exe' : 'bin/node'
    const executable = join(folder, 'node_modules', name, program)
    try {
      if (!existsSync(executable)) {
        console.error(`fetching Node ${version} …`)
        mkdirSync(folder, { recursive: true })
        const quiet = ['--no-audit', '--no-fund', '--no-save', '--ignore-scripts', '--loglevel=error']
        execFileSync('npm', ['install', '--prefix', folder, ...quiet, `${name}@${version}`], {
          stdio: ['ignore', 'ignore', 'pipe'],
          shell: process.platform === 'win32',
        })
      }
      const found = execFileSync(executable, ['--version'], { encoding: 'utf8' }).trim()
      if (found !== `v${version}`) throw new Error(`it is ${found}`)
      return { version, executable }
    } catch (error) {
      // What npm says names places on this machine.
      const reason = error.status === undefined ? error.message : 'npm cannot fetch it'
      return { version, missing: `${name}@${version}: ${reason}` }
    }
  })
}
