import * as ort from 'onnxruntime-node'
import { StudioError } from '../../contract/errors.ts'
import type { Shape } from '../onnx/dims.ts'
import { show } from '../onnx/dims.ts'
import type { Graph } from '../onnx/graph.ts'
import { type ExternalData, outputName, reachable, writeModel } from '../onnx/model.ts'
import type { DType, TensorData, TensorValues } from '../onnx/tensor.ts'
import { type Device, provider } from './devices.ts'
import { writeWeights } from './weights-file.ts'

/** Weights up to this many bytes travel inside the model, more as a memory-mapped file. */
const INLINE_BYTES = 8 * 2 ** 20
/** Below this, a tensor stays inside in any case: the runtime folds small constants while it optimises. */
const SMALL_TENSOR_BYTES = 4096
/** Protobuf's limit for one message. */
const MODEL_BYTES = 2 ** 31 - 1

export interface SessionOptions {
  /** Folder for weights that are too many to travel inside the model. Without it they do, and are copied. */
  readonly cacheDir?: string
  readonly threads?: number
  /** How far the runtime may rewrite the graph; 'all' if absent. */
  readonly optimize?: 'disabled' | 'basic' | 'extended' | 'all'
  /** Let a node that the device does not know fail instead of running on the processor. */
  readonly noFallback?: boolean
  /** The runtime's own session settings, as it names them. */
  readonly extra?: Readonly<Record<string, string>>
  /** Where an initializer lies in a file already, relative to `externalFolder` (a pack's safetensors file, for example). */
  readonly external?: (name: string, t: TensorData) => ExternalData | undefined
  readonly externalFolder?: string
}

export interface Port {
  readonly name: string
  readonly dtype: DType
  readonly shape: Shape
}

/**
 * Prepares a graph to run on a device. Blocks the thread while the runtime optimises the graph.
 * Throws 'runtime.float16-edge' for a float16 input or output, 'runtime.create' if the device or the graph is refused.
 */
export async function createSession(graph: Graph, device: Device, options: SessionOptions = {}): Promise<Session> {
  const outputs = [...graph.outputs].map(([name, v]) => ({ name, dtype: v.dtype, shape: v.shape }))
  const half = [...graph.inputs, ...outputs].find((p) => p.dtype === 'float16')
  if (half) {
    // float16 inputs are broken on Node ≥ 23 (microsoft/onnxruntime pull request 32323).
    throw new StudioError('runtime.float16-edge', {
      where: `"${half.name}" of graph "${graph.name}"`,
      what: 'it is float16',
      todo: 'Keep float32 at the edges and cast inside.',
    })
  }
  const { external, folder } = await placeWeights(graph, options)
  const model = writeModel(graph, { external })
  if (model.length > MODEL_BYTES) {
    throw new StudioError('runtime.too-large', {
      where: `graph "${graph.name}"`,
      what: 'its weights exceed 2 GB',
      todo: 'Give a cache folder for them.',
    })
  }
  const threads = options.threads ?? device.threads
  const settings: ort.InferenceSession.SessionOptions = {
    ...provider(device.provider).session,
    graphOptimizationLevel: options.optimize ?? 'all',
    logSeverityLevel: 3,
    ...(threads === undefined ? {} : { intraOpNumThreads: threads, interOpNumThreads: 1 }),
    extra: {
      session: {
        ...(folder === undefined ? {} : { model_external_initializers_file_folder_path: folder }),
        ...(options.noFallback ? { disable_cpu_ep_fallback: '1' } : {}),
        ...options.extra,
      },
    },
  }
  try {
    return new Session(graph, device, outputs, await ort.InferenceSession.create(model, settings))
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause)
    throw new StudioError(
      'runtime.create',
      { where: `graph "${graph.name}" on ${device.label}`, what, todo: 'Choose another device in the settings.' },
      { cause },
    )
  }
}

async function placeWeights(graph: Graph, options: SessionOptions): Promise<{ external: SessionOptions['external']; folder?: string }> {
  if (options.external) return { external: options.external, folder: options.externalFolder }
  const large = reachable(graph).initializers.filter(([, t]) => t.data.byteLength > SMALL_TENSOR_BYTES)
  const bytes = large.reduce((n, [, t]) => n + t.data.byteLength, 0)
  if (options.cacheDir === undefined || bytes <= INLINE_BYTES) return { external: undefined }
  const places = await writeWeights(options.cacheDir, large)
  return { external: (name) => places.get(name), folder: options.cacheDir }
}

/** A graph ready to run. Runs block the thread that they are called on, one after another. */
export class Session {
  readonly graph: string
  readonly device: Device
  readonly inputs: readonly Port[]
  readonly outputs: readonly Port[]
  /** Duration of the latest run, in milliseconds. */
  lastMs = 0
  readonly #session: ort.InferenceSession
  readonly #wire: ReadonlyMap<string, string>

  /** Use `createSession`. */
  constructor(graph: Graph, device: Device, outputs: readonly Port[], session: ort.InferenceSession) {
    this.graph = graph.name
    this.device = device
    this.inputs = graph.inputs.map(({ name, dtype, shape }) => ({ name, dtype, shape }))
    this.outputs = outputs
    this.#wire = new Map(outputs.map((o) => [o.name, outputName(graph, o.name)]))
    this.#session = session
  }

  /** Runs once. Feeds every input; `wanted` are the outputs to compute, all if absent. Throws 'runtime.feed' or 'runtime.run'. */
  async run(feeds: Readonly<Record<string, TensorData>>, wanted?: readonly string[]): Promise<Record<string, TensorData>> {
    const given: Record<string, ort.Tensor> = {}
    for (const port of this.inputs) given[port.name] = this.#feed(port, feeds[port.name])
    const names = wanted ?? this.outputs.map((o) => o.name)
    const wires = names.map(
      (name) => this.#wire.get(name) ?? this.#refuse('runtime.feed', `output "${name}"`, 'the graph has no such output'),
    )
    const start = performance.now()
    let results: ort.InferenceSession.OnnxValueMapType
    try {
      results = await this.#session.run(given, wires)
    } catch (cause) {
      return this.#refuse('runtime.run', this.device.label, cause instanceof Error ? cause.message : String(cause), cause)
    }
    this.lastMs = performance.now() - start
    return Object.fromEntries(names.map((name, i) => [name, tensorOf(results[wires[i]!]!)]))
  }

  /** Gives the memory back. The session cannot run any more. */
  async release(): Promise<void> {
    await this.#session.release()
  }

  #feed(port: Port, t: TensorData | undefined): ort.Tensor {
    if (!t) return this.#refuse('runtime.feed', `input "${port.name}"`, 'nothing was given for it')
    const fits =
      t.dtype === port.dtype &&
      t.shape.length === port.shape.length &&
      port.shape.every((d, i) => typeof d === 'string' || d === t.shape[i])
    if (!fits)
      this.#refuse('runtime.feed', `input "${port.name}"`, `${t.dtype}${show(t.shape)} does not fit ${port.dtype}${show(port.shape)}`)
    return new ort.Tensor(t.dtype, t.data as Float32Array, t.shape)
  }

  #refuse(code: string, part: string, what: string, cause?: unknown): never {
    throw new StudioError(code, { where: `graph "${this.graph}", ${part}`, what, todo: 'Please report this with the details.' }, { cause })
  }
}

const tensorOf = (t: ort.OnnxValue): TensorData => ({
  dtype: t.type as DType,
  shape: t.dims,
  data: t.data as TensorValues,
})
