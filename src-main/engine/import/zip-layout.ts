/** A stored entry of a zip archive: its place is that of its header. */
export interface ZipPlace {
  readonly name: string
  readonly size: number
  readonly crc: number
  readonly at: number
}

/** 1 January 1980, the first day that zip knows: the same files give the same archive. */
const day = 0x21
const wideFrom = 0xffffffff

/** What stands before an entry's bytes. */
export function zipHeader(place: ZipPlace): Uint8Array {
  const name = Buffer.from(place.name)
  const extra = wide(place.size >= wideFrom ? [place.size, place.size] : [])
  return Buffer.concat([fields([0x04034b50, 4], ...common(place), [name.length, 2], [extra.length, 2]), name, extra])
}

/** The directory and the end of an archive whose entries fill `at` bytes; zip64 where a number needs it. */
export function zipDirectory(places: readonly ZipPlace[], at: number): Uint8Array {
  const rows = places.map((place) => {
    const name = Buffer.from(place.name)
    const extra = wide([...(place.size >= wideFrom ? [place.size, place.size] : []), ...(place.at >= wideFrom ? [place.at] : [])])
    const head = fields(
      [0x02014b50, 4],
      [45, 2],
      ...common(place),
      [name.length, 2],
      [extra.length, 2],
      [0, 8],
      [0, 2],
      [Math.min(place.at, wideFrom), 4],
    )
    return Buffer.concat([head, name, extra])
  })
  const list = Buffer.concat(rows)
  const count = places.length
  const isWide = at + list.length >= wideFrom
  const end64 = isWide
    ? Buffer.concat([
        fields([0x06064b50, 4], [44, 8], [45, 2], [45, 2], [0, 8], [count, 8], [count, 8], [list.length, 8], [at, 8]),
        fields([0x07064b50, 4], [0, 4], [at + list.length, 8], [1, 4]),
      ])
    : Buffer.alloc(0)
  const end = fields([0x06054b50, 4], [0, 4], [count, 2], [count, 2], [list.length, 4], [Math.min(at, wideFrom), 4], [0, 2])
  return Buffer.concat([list, end64, end])
}

/** From the version that is needed to the sizes. */
function common({ size, crc }: ZipPlace): Field[] {
  const shown = Math.min(size, wideFrom)
  // Bit 11: names are UTF-8.
  return [
    [45, 2],
    [0x800, 2],
    [0, 2],
    [0, 2],
    [day, 2],
    [crc, 4],
    [shown, 4],
    [shown, 4],
  ]
}

const wide = (numbers: readonly number[]): Buffer =>
  numbers.length === 0 ? Buffer.alloc(0) : fields([1, 2], [8 * numbers.length, 2], ...numbers.map((n): Field => [n, 8]))

type Field = readonly [value: number, bytes: 2 | 4 | 8]

function fields(...all: Field[]): Buffer {
  return Buffer.concat(
    all.map(([value, bytes]) => {
      const out = Buffer.alloc(8)
      out.writeBigUInt64LE(BigInt(value))
      return out.subarray(0, bytes)
    }),
  )
}
