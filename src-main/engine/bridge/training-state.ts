import { bridgeShapes, type Bridge } from '../nets/bridge.ts'
import { readSafetensors, writeSafetensors } from '../checkpoints/safetensors.ts'
import type { TensorData } from '../onnx/tensor.ts'

type Tensors = Record<string, TensorData>

/** Everything that the next step depends on. */
export interface TrainingState {
  readonly step: number
  readonly parameters: Tensors
  readonly m: Tensors
  readonly v: Tensors
  readonly averaged: Tensors
  readonly best?: { readonly parameters: Tensors; readonly step: number; readonly heldOut: number; readonly trained: number }
}

const sets = ['parameters', 'm', 'v', 'averaged'] as const

/** Writes a state in one piece. */
export async function saveState(file: string, state: TrainingState): Promise<void> {
  const tensors: Tensors = {}
  for (const set of sets) for (const [name, t] of Object.entries(state[set])) tensors[`${set}/${name}`] = t
  for (const [name, t] of Object.entries(state.best?.parameters ?? {})) tensors[`best/${name}`] = t
  const { step, best } = state
  const numbers = { step, ...(best ? { best: { step: best.step, heldOut: best.heldOut, trained: best.trained } } : {}) }
  await writeSafetensors(file, tensors, { state: JSON.stringify(numbers) })
}

/** The state that was saved, if there is one and it belongs to this kind of bridge; a damaged one is as good as none. */
export async function loadState(file: string, a: Bridge): Promise<TrainingState | undefined> {
  try {
    const opened = await readSafetensors(file)
    try {
      const read = async (set: string): Promise<Tensors> => {
        const tensors: Tensors = {}
        for (const name of Object.keys(bridgeShapes(a))) tensors[name] = await opened.read(`${set}/${name}`)
        return tensors
      }
      const { step, best } = JSON.parse(opened.metadata['state'] ?? '') as Pick<TrainingState, 'step' | 'best'>
      const state = { step, parameters: await read('parameters'), m: await read('m'), v: await read('v'), averaged: await read('averaged') }
      return best ? { ...state, best: { ...best, parameters: await read('best') } } : state
    } finally {
      await opened.close()
    }
  } catch {
    return undefined
  }
}
