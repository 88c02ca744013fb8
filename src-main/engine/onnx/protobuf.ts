const text = new TextEncoder()

/** Writes the few protobuf wire types that ONNX needs; large byte fields are kept by reference and copied once, at the end. */
export class ProtobufWriter {
  readonly #parts: Uint8Array[] = []
  #small: number[] = []
  #length = 0

  /** Field of wire type 0; negative numbers as ten-byte two's complement, as protobuf's int64 wants. */
  int(field: number, value: number | bigint): this {
    this.#varint(field << 3)
    this.#varint(value)
    return this
  }

  /** Field of wire type 5, a float32. */
  float(field: number, value: number): this {
    this.#varint((field << 3) | 5)
    this.#small.push(...new Uint8Array(Float32Array.of(value).buffer))
    return this
  }

  bytes(field: number, value: Uint8Array): this {
    this.#varint((field << 3) | 2)
    this.#varint(value.length)
    this.#push(value)
    return this
  }

  string(field: number, value: string): this {
    return this.bytes(field, text.encode(value))
  }

  /** A nested message. */
  message(field: number, build: (m: ProtobufWriter) => void): this {
    const inner = new ProtobufWriter()
    build(inner)
    this.#varint((field << 3) | 2)
    this.#varint(inner.length)
    this.#flush()
    for (const part of inner.#flush()) this.#parts.push(part)
    this.#length += inner.#length
    return this
  }

  get length(): number {
    return this.#length + this.#small.length
  }

  finish(): Uint8Array {
    const out = new Uint8Array(this.length)
    let at = 0
    for (const part of this.#flush()) {
      out.set(part, at)
      at += part.length
    }
    return out
  }

  #varint(value: number | bigint): void {
    let rest = BigInt.asUintN(64, BigInt(value))
    while (rest > 127n) {
      this.#small.push(Number(rest & 127n) | 128)
      rest >>= 7n
    }
    this.#small.push(Number(rest))
  }

  #push(bytes: Uint8Array): void {
    if (bytes.length < 64) this.#small.push(...bytes)
    else {
      this.#flush()
      this.#parts.push(bytes)
      this.#length += bytes.length
    }
  }

  #flush(): readonly Uint8Array[] {
    if (this.#small.length > 0) {
      this.#parts.push(Uint8Array.from(this.#small))
      this.#length += this.#small.length
      this.#small = []
    }
    return this.#parts
  }
}
