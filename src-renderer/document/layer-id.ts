/** A layer's name in the document: short, and unlike every other. */
export const newLayerId = (): string => crypto.randomUUID().slice(0, 13)
