/** Longest sides of a patch while a hand moves, in pixels. */
const RUNGS = [160, 224, 320, 448, 640] as const
const FIRST = 2
/** Twelve to sixteen pictures a second; above it the hand feels the picture lag. */
const TOO_SLOW_MS = 80
/** So quick that the next rung, with twice the points, still keeps up. */
const QUICK_MS = 36

/**
 * How large drafts are on this machine: as large as lets pictures follow the hand. It climbs down at once when two drafts in a row were too slow, and
 * up only between gestures, because a new size makes the photo be read again.
 */
export class DraftLadder {
  #rung: number = FIRST
  #slow = 0
  #times: number[] = []

  get size(): number {
    return RUNGS[this.#rung]!
  }

  /** A draft of the present size took so long, from asking to having it. */
  took(milliseconds: number): void {
    this.#times.push(milliseconds)
    this.#slow = milliseconds > TOO_SLOW_MS ? this.#slow + 1 : 0
    if (this.#slow < 2 || this.#rung === 0) return
    this.#rung--
    this.#slow = 0
    this.#times = []
  }

  /** The gesture is over. */
  rest(): void {
    const sorted = this.#times.sort((a, b) => a - b)
    const median = sorted[Math.floor(sorted.length / 2)]
    if (sorted.length >= 4 && median! < QUICK_MS) this.#rung = Math.min(this.#rung + 1, RUNGS.length - 1)
    this.#times = []
    this.#slow = 0
  }
}
