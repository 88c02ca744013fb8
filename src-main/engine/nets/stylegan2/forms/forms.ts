import { channelsAt, type StyleGan2 } from '../architecture.ts'
import { styleLayout, type StyleLayer } from '../layout.ts'
import type { Form } from './form.ts'
import { convolution } from './same.ts'
import { depthToSpace, fourPhases, plainUp, transposed6 } from './up.ts'
import { winograd } from './winograd.ts'

/** Forms of a convolution that keeps the size. */
export const SAME_FORMS = { plain: convolution, winograd } satisfies Record<string, Form>
/** Forms of an up-sampling layer. */
export const UP_FORMS = { plain: plainUp, transposed6, depthToSpace, fourPhases } satisfies Record<string, Form>

export type KernelForm = keyof typeof SAME_FORMS | keyof typeof UP_FORMS

/** A form for each convolution, by the layer's name ('b64.conv0'); layers that are not named are plain. */
export type Forms = Readonly<Record<string, KernelForm>>

/** Whether the layer doubles the resolution. */
export const isUp = (layer: StyleLayer): boolean => layer.kind === 'conv' && layer.name.endsWith('.conv0')

/** The forms that a layer may take. */
export function formsOf(layer: StyleLayer): KernelForm[] {
  if (layer.kind === 'toRgb') return []
  return Object.keys(isUp(layer) ? UP_FORMS : SAME_FORMS) as KernelForm[]
}

/** The form's implementation. @throws RangeError if the layer cannot take it */
export function formOf(layer: StyleLayer, form: KernelForm = 'plain'): Form {
  const known: Record<string, Form> = isUp(layer) ? UP_FORMS : SAME_FORMS
  const found = known[form]
  if (!found) throw new RangeError(`${layer.name} has no form "${form}", only ${Object.keys(known).join(', ')}`)
  return found
}

/** Every layer in the plain form: the net as the paper has it, and what GPUs run best through their own libraries. */
export const plainForms: Forms = {}

/**
 * The form of every convolution for a device. ONNX Runtime's CPU provider runs the folded forms many times slower than its plain
 * convolutions, but gains from Winograd's where channels are many; elsewhere everything is plain.
 */
export function formsFor(a: StyleGan2, provider: string): Forms {
  return provider === 'cpu' ? chooseForms(a) : plainForms
}

/**
 * The form of every convolution. Without `measure` (any cost of a layer in a form, smaller is better) a rule by size that was measured on
 * ONNX Runtime 1.30's CPU provider: at 256² with base 16384, 211 ms of processor time an image against 267 ms plain, one thread.
 */
export function chooseForms(a: StyleGan2, measure?: (layer: StyleLayer, form: KernelForm) => number): Forms {
  const forms: Record<string, KernelForm> = {}
  for (const layer of styleLayout(a).layers) {
    const candidates = formsOf(layer)
    if (candidates.length === 0) continue
    forms[layer.name] = measure ? fastest(candidates, (form) => measure(layer, form)) : ruleBySize(a, layer)
  }
  return forms
}

function fastest(candidates: readonly KernelForm[], seconds: (form: KernelForm) => number): KernelForm {
  const timed = candidates.map((form) => ({ form, seconds: seconds(form) }))
  return timed.reduce((best, x) => (x.seconds < best.seconds ? x : best)).form
}

function ruleBySize(a: StyleGan2, layer: StyleLayer): KernelForm {
  // Up to 8² and in narrow layers both up-sampling forms take the same time.
  if (isUp(layer)) return layer.resolution <= 8 ? 'plain' : 'fourPhases'
  // Below 256 channels the transformations cost what the products save, below 32² reading the four times larger kernel does.
  return layer.resolution >= 32 && Math.min(layer.channels, channelsAt(a, layer.resolution)) >= 256 ? 'winograd' : 'plain'
}
