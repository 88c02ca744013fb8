// Runs before `npm start` and `npm test` with whatever Node the machine has, so: built-in modules only, plain JavaScript.
// Installs the dependencies when node_modules is missing or does not belong to package-lock.json.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = join(fileURLToPath(import.meta.url), '../..')
const stamp = join(root, 'node_modules/.stylebridge-lock')

const major = Number(process.versions.node.split('.')[0])
if (major < 20) fail(`Stylebridge needs Node 20 or newer; this is ${process.version}. Install a newer Node from https://nodejs.org.`)

const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .update(`${process.platform}-${process.arch}`)
  .digest('hex')
const isFresh = existsSync(stamp) && readFileSync(stamp, 'utf8') === lock
if (!isFresh) {
  console.log('Installing the dependencies, once: one to three minutes …')
  const npm = process.env.npm_execpath
  const result = npm
    ? spawnSync(process.execPath, [npm, 'ci', '--no-progress', '--loglevel=error'], { cwd: root, stdio: 'inherit' })
    : spawnSync('npm ci --no-progress --loglevel=error', { cwd: root, stdio: 'inherit', shell: true })
  if (result.status !== 0)
    fail('The dependencies could not be installed. Check the connection to the npm registry and run the command again.')
  writeFileSync(stamp, lock)
}

function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}
