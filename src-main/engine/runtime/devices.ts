import type { InferenceSession } from 'onnxruntime-node'

export type ProviderId = 'cuda' | 'dml' | 'webgpu' | 'coreml' | 'cpu'

/** Where sessions run. `threads` is for the CPU part; absent, the runtime chooses. */
export interface Device {
  readonly provider: ProviderId
  readonly label: string
  readonly threads?: number
}

export interface Provider {
  readonly id: ProviderId
  /** As people know it. */
  readonly label: string
  /** Node's `process.platform` names where a binary of it exists. */
  readonly platforms: readonly NodeJS.Platform[]
  readonly session: Partial<InferenceSession.SessionOptions>
  readonly notes: string
}

/** Every execution provider, the one to prefer first. */
export const PROVIDERS: readonly Provider[] = [
  {
    id: 'cuda',
    label: 'NVIDIA GPU (CUDA)',
    platforms: ['linux', 'win32'],
    session: { executionProviders: ['cuda'] },
    notes: 'It needs NVIDIA’s libraries, which the package does not carry: run "npm run setup:cuda" once, on a machine with an NVIDIA GPU.',
  },
  {
    id: 'dml',
    label: 'GPU (DirectML)',
    platforms: ['win32'],
    // DirectML supports neither memory patterns nor parallel execution.
    session: { executionProviders: ['dml'], enableMemPattern: false, executionMode: 'sequential' },
    notes: 'Any GPU with DirectX 12.',
  },
  {
    id: 'webgpu',
    label: 'GPU (WebGPU)',
    platforms: ['linux', 'win32', 'darwin'],
    session: { executionProviders: ['webgpu'] },
    notes: 'Vulkan on Linux, Direct3D 12 on Windows, Metal on macOS.',
  },
  {
    id: 'coreml',
    label: 'Apple GPU and Neural Engine (CoreML)',
    platforms: ['darwin'],
    session: { executionProviders: ['coreml'] },
    notes: 'Apple silicon.',
  },
  {
    id: 'cpu',
    label: 'Processor',
    platforms: ['linux', 'win32', 'darwin'],
    session: { executionProviders: ['cpu'] },
    notes: 'Works everywhere.',
  },
]

export const provider = (id: ProviderId): Provider => PROVIDERS.find((p) => p.id === id)!

/** The processor as a device. */
export const cpu = (threads?: number): Device => ({ provider: 'cpu', label: provider('cpu').label, threads })
