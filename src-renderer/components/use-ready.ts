import { shallowRef, watch, type ShallowRef } from 'vue'

/** Values that follow a source once what it names is loaded; until then the old value stays. */
export function useReady() {
  const failure = shallowRef<unknown>()

  /** An answer that comes too late for the source is dropped. */
  function keep<Source, Ready>(
    source: () => Source | undefined,
    load: (source: Source) => Promise<Ready>,
    into: ShallowRef<Ready | undefined>,
  ): void {
    watch(
      source,
      async (now) => {
        if (now === undefined) {
          into.value = undefined
          return
        }
        try {
          const ready = await load(now)
          if (source() === now) into.value = ready
        } catch (error) {
          failure.value = error
        }
      },
      { immediate: true },
    )
  }
  return { failure, keep }
}
