/** What one run took. Processor time counts all threads of the process, so it is comparable for one thread only. */
export interface Duration {
  readonly wallMs: number
  readonly cpuMs: number
}

/** 'cpu' is for machines that are busy with other work: a thread that had to wait for a core is not charged for it. */
export type Clock = 'wall' | 'cpu'

/** Times an action of this process by both clocks. */
export async function timed(act: () => Promise<unknown>): Promise<Duration> {
  const cpu = process.cpuUsage()
  const wall = performance.now()
  await act()
  const wallMs = performance.now() - wall
  const { user, system } = process.cpuUsage(cpu)
  return { wallMs, cpuMs: (user + system) / 1000 }
}
