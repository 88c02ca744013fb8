import type { Rule } from '../rule.ts'
import { convolutionRules } from './convolution.ts'
import { elementwiseRules } from './elementwise.ts'
import { layoutRules } from './layout.ts'
import { normalisationRules } from './normalisation.ts'
import { productRules } from './products.ts'
import { reductionRules } from './reductions.ts'
import { resizeRules } from './resize.ts'

/** Every operator that can be differentiated, by its ONNX name. */
export const RULES: Readonly<Record<string, Rule>> = {
  ...elementwiseRules,
  ...reductionRules,
  ...productRules,
  ...convolutionRules,
  ...normalisationRules,
  ...layoutRules,
  ...resizeRules,
}
