/** Runs a job that Ctrl-C stops in an orderly way: the first one asks, a second one ends the process as usual. */
export async function interruptible<T>(job: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController()
  const ask = () => stop.abort()
  process.once('SIGINT', ask)
  try {
    return await job(stop.signal)
  } finally {
    process.off('SIGINT', ask)
  }
}
