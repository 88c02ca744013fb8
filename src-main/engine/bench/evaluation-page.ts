import { figuresOf, reaches, shown, type Evaluation } from './evaluation.ts'
import type { EvaluationRow } from './evaluate.ts'
import type { InversionReport } from './closeness.ts'

const style = `
  :root { color-scheme: dark; font: 15px/1.5 system-ui, sans-serif; background: #17181b; color: #dcdee2 }
  body { margin: 0 auto; max-width: 76rem; padding: 2rem }
  h1, h2 { font-weight: 600; line-height: 1.25 } h2 { margin-top: 3rem }
  p { max-width: 46rem; color: #a9adb6 }
  table { border-collapse: collapse } td, th { padding: .3rem .9rem .3rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid #2b2d33 }
  th { color: #a9adb6; font-weight: 500 } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
  .reached { color: #7fd1a0 } .missed { color: #f2a27c }
  section { display: grid; grid-template-columns: 15rem 1fr; gap: 1rem; padding: .9rem 0; border-bottom: 1px solid #2b2d33 }
  section h3 { margin: 0; font-size: 1rem; font-weight: 600 } section p { margin: .2rem 0; font-size: .87rem }
  .pictures { display: flex; flex-wrap: wrap; gap: .7rem } figure { margin: 0 } figcaption { font-size: .8rem; color: #a9adb6 }
  img { display: inline-block; width: 96px; height: 96px; border-radius: 4px } img + img { margin-left: 3px }`

/** The evaluation as one page that needs no other file and no network: figures, prompts with pictures, the worst first. */
export function evaluationPage(evaluation: Evaluation): string {
  const { pack, people, seed, strength, rows, inversions } = evaluation
  const worstFirst = rows.toSorted((a, b) => a.moved - b.moved || a.change - b.change)
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${text(pack.title)}: what edits do</title>
<style>${style}</style>
<h1>${text(pack.title)}</h1>
<p>${people} people of seed ${seed}, edited at strength ${strength} in pictures of ${pack.imageSize} × ${pack.imageSize}. Nets that no edit ever sees say what happened.
Pack ${text(pack.id)}, ${text(pack.hash.slice(0, 12))}.</p>
${figuresTable(evaluation)}
${inversions ? inversionsPart(inversions) : ''}
<h2>Prompts, the worst first</h2>
<p>Before and after, of the people whom each prompt served worst. “Moved” is the share of people whose asked attribute moved the asked way; a drift is an
attribute nobody asked about that moves by more than a quarter of a deviation in the mean.</p>
${worstFirst.map(promptPart).join('\n')}
</html>
`
}

function figuresTable(evaluation: Evaluation): string {
  const lines = figuresOf(evaluation).map((figure) => {
    const verdict = { true: 'reached', false: 'missed', undefined: '' }[`${reaches(figure)}`]
    const goal =
      figure.goal === undefined ? '' : `${figure.atMost ? '≤' : '≥'} ${figure.goal}${figure.unit === '' ? '' : ` ${figure.unit}`}`
    return `<tr><td>${text(figure.name)}<td class="n">${shown(figure.value, figure.unit)}<td class="n">${goal}<td class="${verdict}">${verdict}`
  })
  return `<table><tr><th>figure<th class="n">measured<th class="n">goal<th>\n${lines.join('\n')}\n</table>`
}

function inversionsPart({ pictures, ways, shown: examples }: InversionReport): string {
  const lines = ways.map(
    ({ way, psnr, identity, seconds }) =>
      `<tr><td>${text(way)}<td class="n">${psnr.toFixed(1)} dB<td class="n">${identity.toFixed(2)}<td class="n">${seconds.toFixed(1)} s`,
  )
  const figures = examples.map(
    ({ pictures: row, psnr }) =>
      `<figure>${row.map(image).join('')}<figcaption>${psnr.map((x) => x.toFixed(1)).join(' → ')} dB</figcaption></figure>`,
  )
  return `<h2>Inversion of ${pictures} pictures that no net was trained on</h2>
<table><tr><th>way<th class="n">PSNR<th class="n">identity distance<th class="n">time\n${lines.join('\n')}\n</table>
<p>The worst: the picture, then each way.</p><div class="pictures">${figures.join('')}</div>`
}

function promptPart(row: EvaluationRow): string {
  const drifts = row.drifts
    .slice(0, 4)
    .map(({ name, by }) => `${text(name.replaceAll('_', ' '))} ${by > 0 ? '+' : '−'}${Math.abs(by).toFixed(2)}`)
  const notes = [
    `moved ${percent(row.moved)}, there before ${percent(row.fulfilledBefore)}, after ${percent(row.fulfilledAfter)}`,
    `same person ${percent(row.samePerson)}, ${percent(row.channels)} of the channels`,
    drifts.length > 0 ? `drifts: ${drifts.join(', ')}${row.drifts.length > 4 ? ' …' : ''}` : 'no drifts',
    ...(row.unknownWords.length > 0 ? [`never seen: ${row.unknownWords.map(text).join(', ')}`] : []),
  ]
  const pairs = row.pictures.map(
    ({ before, after, change }) =>
      `<figure>${image(before)}${image(after)}<figcaption>${change >= 0 ? '+' : '−'}${Math.abs(change).toFixed(2)}</figcaption></figure>`,
  )
  return `<section><div><h3>${text(row.text)}</h3>${notes.map((note) => `<p>${note}</p>`).join('')}</div><div class="pictures">${pairs.join('')}</div></section>`
}

const image = (url: string) => `<img src="${url}" alt="" loading="lazy">`
const percent = (x: number) => `${Math.round(100 * x)} %`
const text = (x: string) => x.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)
