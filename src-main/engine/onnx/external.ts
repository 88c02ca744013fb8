/** Where a tensor's bytes lie instead of in the model: a file relative to the folder that the runtime is told. */
export interface ExternalData {
  readonly location: string
  readonly offset: number
  readonly length: number
}
