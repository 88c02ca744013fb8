import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const require = createRequire(import.meta.url)

interface Validation {
  readonly validateConfiguration: (config: object, log: object) => Promise<void>
}
const { validateConfiguration } = require('app-builder-lib/out/util/config/config.js') as Validation
const { DebugLogger } = require('builder-util') as { DebugLogger: new (enabled: boolean) => object }
const { load } = require('js-yaml') as { readonly load: (text: string) => Record<string, unknown> }

const config = () => load(readFileSync(join(root, 'electron-builder.yml'), 'utf8'))
const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  main: string
  devDependencies: Record<string, string>
}

it('is a configuration that electron-builder accepts', async () => {
  await validateConfiguration(config(), new DebugLogger(false))
})

it('is judged by a check that notices a wrong key', async () => {
  await expect(validateConfiguration({ ...config(), asarUnpacked: [] }, new DebugLogger(false))).rejects.toThrow('asarUnpacked')
})

it('packs the Electron that the project is developed with, and the entry that package.json names', () => {
  expect(config().electronVersion).toBe(packageJson.devDependencies.electron)
  expect(packageJson.main).toBe('dist/main/electron.js')
})

it('leaves the native libraries outside the archive and ships the built-in pack and the samples', () => {
  expect(config().asarUnpack).toEqual(expect.arrayContaining(['**/*.node', '**/*.dll', '**/*.so', '**/*.dylib']))
  expect(JSON.stringify(config().extraResources)).toMatch(/models\/portraits.*assets\/samples/)
})
