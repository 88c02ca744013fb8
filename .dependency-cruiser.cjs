/** The arrows of the house: hosts → studio → engine, everyone may import contract; in the engine bridge → nets, packs, photos → runtime, gradient → onnx. */
const engine = (part) => `^src-main/engine/${part}/`
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

module.exports = {
  forbidden: [
    rule(
      'no-circle',
      'Two files that import each other are one idea in two places: move what they share into a third file.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    rule(
      'contract-alone',
      'The contract is what all sides agree on, so it imports nothing else of ours. Move the type into contract/ or pass a value in.',
      { path: '^src-main/contract/' },
      { path: '^src-(main|renderer)/', pathNot: '^src-main/contract/' },
    ),
    rule(
      'engine-knows-no-studio',
      'The engine knows no use cases and no project files: pass values in, or move the use case up into studio/.',
      { path: '^src-main/engine/' },
      { path: '^src-main/(studio|hosts)/' },
    ),
    rule(
      'engine-knows-no-electron',
      'The engine runs in any Node process: what needs Electron belongs into hosts/electron/.',
      { path: '^src-main/(engine|studio|contract)/' },
      { path: '(^|/)electron(/|$)', dependencyTypesNot: ['local'] },
    ),
    rule(
      'studio-knows-no-hosts',
      'A use case does not know who runs it: take what you need as an argument, the host passes it in.',
      { path: '^src-main/studio/' },
      { path: '^src-main/hosts/' },
    ),
    rule(
      'electron-stays-thin',
      'Only hosts/electron may import electron, so that everything else can be driven without its binary.',
      { path: '^src-', pathNot: '^src-main/hosts/electron/' },
      { path: '(^|/)node_modules/electron/' },
    ),
    rule(
      'renderer-sees-contract-only',
      'The renderer is sandboxed and talks only through the contract: import from src-main/contract, or add a call to it.',
      { path: '^src-renderer/' },
      { path: '^src-main/', pathNot: '^src-main/contract/' },
    ),
    rule('main-sees-no-renderer', 'Nothing native depends on the page that shows it.', { path: '^src-main/' }, { path: '^src-renderer/' }),
    rule(
      'onnx-at-the-bottom',
      'onnx/ builds, reads and writes graphs and rests on nothing of the engine.',
      { path: engine('onnx'), pathNot: '\\.test\\.ts$' },
      { path: '^src-main/engine/', pathNot: engine('onnx') },
    ),
    rule(
      'gradient-on-onnx',
      'A gradient is graph in, graph out: gradient/ imports only onnx/.',
      { path: engine('gradient'), pathNot: '\\.test\\.ts$|testing' },
      { path: '^src-main/engine/', pathNot: engine('(onnx|gradient)') },
    ),
    rule(
      'runtime-on-onnx',
      'runtime/ runs graphs and knows no networks, packs or photos.',
      { path: engine('runtime') },
      { path: '^src-main/engine/', pathNot: engine('(onnx|runtime)') },
    ),
    rule(
      'nets-below-the-bridge',
      'A network is a function of a graph; it knows neither the method nor photos.',
      { path: engine('nets'), pathNot: '\\.test\\.ts$' },
      { path: engine('(bridge|photos|bench)') },
    ),
    rule(
      'photos-know-no-method',
      'Photos are decoded, cropped and composited without knowing how the pixels between were made.',
      { path: engine('photos'), pathNot: '\\.test\\.ts$' },
      { path: engine('(bridge|packs|bench)') },
    ),
    rule(
      'bridge-under-bench',
      'The method does not depend on what measures it.',
      { path: engine('bridge'), pathNot: '\\.test\\.ts$' },
      { path: engine('bench') },
    ),
    rule(
      'shipped-dependencies',
      'What ships may only import what package.json lists under dependencies (the renderer is bundled and may use devDependencies).',
      { path: '^src-main/', pathNot: '\\.test\\.ts$|/testing/|^src-main/hosts/electron/' },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: 'node_modules/@types/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.vue', '.js', '.mjs', '.cjs', '.json'] },
  },
}
