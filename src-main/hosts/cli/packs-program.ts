import { Option, type Command } from 'commander'
import type { Folders } from '../folders.ts'
import * as parse from './options.ts'
import { alignCommand, type AlignCommandOptions } from './packs-align.ts'
import { exportCommand } from './packs-export.ts'
import { importCommand, type ImportCommandOptions } from './packs-import.ts'
import type { Report } from './report.ts'

/** The commands that make packs, carry them, and make them ready. */
export function addPackCommands(packs: Command, folders: Folders, report: Report): void {
  packs
    .command('import')
    .argument('<files...>', 'a StyleGAN2 generator, a CLIP and its tokenizer, in any order; or one .stylebridge-pack')
    .description('make a pack of published checkpoints; nothing in them is executed')
    .requiredOption('--out <pack>', "the new pack's folder")
    .option('--title <title>', 'what it is called')
    .option('--noun <noun>', 'what it makes, as in "a face"', 'face')
    .option('--class <n>', 'of a generator with classes, from 0', parse.seed)
    .addOption(new Option('--activation <which>', "of OpenCLIP's models that do not say it").choices(['quickGelu', 'gelu']))
    .option('--replace', 'write over a pack of that name')
    .action((files: string[], options: ImportCommandOptions) => importCommand(folders, report, files, options))
  packs
    .command('align')
    .argument('<pack>')
    .description("train the bridge from the pack's own samples; run it again to go on after a stop")
    .option('--samples <n>', 'default: 20,000 on a processor, 200,000 on a graphics card', parse.seed)
    .option('--steps <n>', 'of training', parse.seed)
    .option('--batch <n>', 'samples at a time', parse.count)
    .option('--seed <n>', 'of samples and training', parse.seed, 0)
    .action((named: string, options: AlignCommandOptions) => alignCommand(folders, report, named, options))
  packs
    .command('export')
    .argument('<pack>')
    .description('a pack as one .stylebridge-pack file')
    .option('--out <file>', 'where to write it')
    .action((named: string, options: { out?: string }) => exportCommand(folders, report, named, options))
}
