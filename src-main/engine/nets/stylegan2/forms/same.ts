import type { Form } from './form.ts'

/** A layer that keeps the size: the convolution as the paper has it. */
export const convolution: Form = (g, { name, weight }, x) => g.conv(x, g.initializer(name, weight), undefined, { pads: 1 })
