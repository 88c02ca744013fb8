import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type CDPSession, type Page } from '@playwright/test'
import sharp from 'sharp'
import { brushInHand } from './bench-brush.ts'
import { findBrowser } from './browser.ts'
import { startHost, studioOf, type Studio } from './studio.ts'

/**
 * What the hand feels, measured in the real page on the real engine: pictures a second while a slider moves, frames while zooming and while the
 * filmstrip scrolls (each also as a ratio to the same page at rest), and memory after 50 and after 500 edits. Prints; never asserts.
 */
const executablePath = findBrowser()
if (executablePath === undefined) {
  console.log('No Chromium was found, so the window is not measured. Name one in STYLEBRIDGE_BROWSER.')
  process.exit(0)
}
const { host, address, stop } = await startHost()
const browser = await chromium.launch({ executablePath, args: ['--disable-gpu', '--enable-precise-memory-info'] })
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(address)
  const studio = studioOf(page, host)
  await studio.openFile(await twelveMegapixels())
  await studio.edit('smiling')
  await page.getByRole('option', { name: /variation 4/i }).waitFor({ timeout: 120_000, state: 'attached' })
  const still = await frames(page, () => page.waitForTimeout(1500))
  say('page at rest', `${still.median.toFixed(1)} ms a frame, the slowest of twenty ${still.slow.toFixed(1)} ms`)
  await slider(studio)
  const zooming = await frames(page, () => zoom(studio))
  say('zoom by wheel', ratio(zooming, still))
  const scrolling = await frames(page, () => scrollFilm(page))
  say('filmstrip', ratio(scrolling, still))
  await memory(studio)
  const draw = await brushInHand(studio)
  const brushing = await frames(page, draw)
  say('mask brush, 24 megapixels', ratio(brushing, still))
} finally {
  await browser.close()
  await stop()
}

interface Frames {
  readonly median: number
  /** 95 % of the frames were quicker. */
  readonly slow: number
}

/** Time between the page's frames while something goes on, in milliseconds. */
async function frames(page: Page, work: () => Promise<unknown>): Promise<Frames> {
  // Scripts are text here: this program knows no window of its own.
  await page.evaluate(`
    window.benchTimes = []
    const tick = (now) => {
      window.benchTimes.push(now)
      window.benchFrame = requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)`)
  await work()
  const times = await page.evaluate<number[]>('cancelAnimationFrame(window.benchFrame), window.benchTimes')
  const gaps = times.slice(1).map((time, i) => time - times[i]!)
  const sorted = gaps.sort((a, b) => a - b)
  return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, slow: sorted[Math.floor(sorted.length * 0.95)] ?? 0 }
}

function ratio(busy: Frames, still: Frames): string {
  const times = (busy.median / still.median).toFixed(2)
  return `${busy.median.toFixed(1)} ms a frame (${times} times the page at rest), the slowest of twenty ${busy.slow.toFixed(1)} ms`
}

/** The strength is dragged to and fro for four seconds; every picture that reaches the canvas counts. */
async function slider({ page, settled }: Studio): Promise<void> {
  const thumb = (await page.getByRole('slider', { name: 'Strength' }).boundingBox())!
  const y = thumb.y + thumb.height / 2
  const x = thumb.x + thumb.width / 2
  const drag = async (seconds: number) => {
    await page.mouse.move(x, y)
    await page.mouse.down()
    const start = performance.now()
    while (performance.now() - start < seconds * 1000) {
      await page.mouse.move(x + 60 * Math.sin((performance.now() - start) / 400), y)
      await page.waitForTimeout(12)
    }
    await page.mouse.up()
    await settled()
  }
  await drag(2)
  await page.evaluate(`
    window.benchPictures = 0
    new MutationObserver(() => window.benchPictures++)
      .observe(document.querySelector('[data-testid=canvas]'), { attributeFilter: ['data-patch-sha'] })`)
  await drag(4)
  const pictures = await page.evaluate<number>('window.benchPictures')
  say('slider, 12 megapixels', `${(pictures / 4).toFixed(1)} pictures a second`)
}

async function zoom({ page, canvas }: Studio): Promise<void> {
  const box = (await canvas().boundingBox())!
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  for (let i = 0; i < 60; i++) await page.mouse.wheel(0, i < 30 ? -60 : 60)
}

async function scrollFilm(page: Page): Promise<void> {
  await page.getByRole('listbox', { name: 'Variations' }).hover()
  for (let i = 0; i < 60; i++) await page.mouse.wheel(i < 30 ? 80 : -80, 0)
}

/** Steps of the strength by keys; what the page's process holds, and its scripts' heap after their rubbish is taken away. */
async function memory({ page, settled }: Studio): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const strength = page.getByRole('slider', { name: 'Strength' })
  await strength.focus()
  const edits = async (count: number) => {
    for (let i = 0; i < count; i++) {
      await page.keyboard.press(i % 8 < 4 ? 'ArrowLeft' : 'ArrowRight')
      if (i % 10 === 9) await settled()
    }
  }
  await edits(50)
  const [first, held] = [await heap(session), await resident()]
  await edits(450)
  const [last, holds] = [await heap(session), await resident()]
  const after = (before: number, now: number) => `${mb(before)} after 50 edits, ${mb(now)} after 500: ${(now / before).toFixed(3)} times`
  if (held !== undefined && holds !== undefined) say('memory of the page', after(held, holds))
  say('of it, the scripts’ heap with the whole history', after(first, last))
}

/** What the page's process holds, in bytes; known on Linux. */
async function resident(): Promise<number | undefined> {
  const system = await browser.newBrowserCDPSession()
  const { processInfo } = await system.send('SystemInfo.getProcessInfo')
  await system.detach()
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => /VmRSS:\s+(\d+) kB/.exec(readFile(`/proc/${id}/status`))?.[1])
  return sizes.every((size) => size !== undefined) ? sizes.reduce((sum, size) => sum + Number(size) * 1024, 0) : undefined
}
function readFile(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

async function heap(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.enable')
  await session.send('HeapProfiler.collectGarbage')
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')!.value
}
function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

function say(what: string, figures: string): void {
  console.log(`${what}: ${figures}`)
}

async function twelveMegapixels(): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), 'stylebridge-bench-')), 'twelve.jpg')
  const person = await sharp('assets/samples/astronaut.jpg').resize(2400, 2400).toBuffer()
  await sharp({ create: { width: 4000, height: 3000, channels: 3, background: '#7d8a91' } })
    .composite([{ input: person, left: 800, top: 500 }])
    .jpeg({ quality: 92 })
    .toFile(path)
  return path
}
