import { Command, CommanderError, Option } from 'commander'
import { join } from 'node:path'
import { serveBrowser } from '../browser/serve.ts'
import { DEFAULT_TEMPLATE } from '../../contract/file-names.ts'
import { refineSteps } from '../../engine/bridge/refine.ts'
import { findFolders, type Folders } from '../folders.ts'
import { batchCommand, type BatchCommandOptions } from './batch.ts'
import { benchCommand, type BenchOptions } from './bench.ts'
import { openCliStudio, type CliStudio } from './cli-studio.ts'
import { editCommand, variationsCommand, type EditOptions, type VariationsOptions } from './edit.ts'
import { evaluateCommand, judgesBeside, type EvaluateOptions } from './evaluate.ts'
import { generateCommand, invertCommand, type GenerateOptions, type InvertOptions } from './latents.ts'
import * as parse from './options.ts'
import { listCommand, showCommand, verifyCommand } from './packs.ts'
import { addPackCommands } from './packs-program.ts'
import { Report, type Streams } from './report.ts'

const DONE = 0
const COULD_NOT = 1
const WRONG_USAGE = 2

/** Runs one command. Resolves with the exit code: 0 done, 1 could not be done (one sentence on standard error says why), 2 wrong usage. */
export async function runCli(args: readonly string[], streams?: Streams, folders: Folders = findFolders()): Promise<number> {
  const report = new Report(args.includes('--json'), streams)
  try {
    await program(folders, report, streams).parseAsync(args, { from: 'user' })
    return DONE
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? DONE : WRONG_USAGE
    report.failure(thrown)
    return COULD_NOT
  }
}

function program(folders: Folders, report: Report, streams: Streams | undefined): Command {
  const root = new Command('stylebridge')
    .description('Edit photos by text, offline.')
    .version(folders.version)
    .option('--json', 'print progress and results as JSON lines')
    .exitOverride()
    .configureOutput(
      streams === undefined ? {} : { writeOut: (text) => streams.out.write(text), writeErr: (text) => streams.error.write(text) },
    )
  const studio = (): Promise<CliStudio> => openCliStudio(folders, report)

  withEdit(root.command('edit').argument('<photo>').description('edit a photo by text'))
    .option('--face <n>', 'which face, 1 is the largest, or "all"', parse.face)
    .option('--out <file>', 'where to write; its ending chooses the format (default: beside the photo)')
    .action(async (photo: string, options: EditOptions) => editCommand(await studio(), report, photo, options))

  withEdit(root.command('variations').argument('<photo>').description('several results of one prompt'))
    .option('--face <n>', 'which face, 1 is the largest', parse.count)
    .option('--count <n>', 'how many', parse.count, 4)
    .option('--seed <n>', 'the first seed', parse.seed, 1)
    .requiredOption('--out <folder>', 'where to write them')
    .action(async (photo: string, options: VariationsOptions) => variationsCommand(await studio(), report, photo, options))

  withFile(
    root.command('batch').argument('<folder>').description('apply the layers of an exported picture or recipe to every photo of a folder'),
  )
    .requiredOption('--recipe <file>', 'an exported picture, or a JSON file with a recipe')
    .requiredOption('--out <folder>', 'where to write the results and the report')
    .option('--no-embed', 'do not put the recipe into the results')
    .option('--recursive', 'look into folders too; the results keep the structure', false)
    .addOption(new Option('--faces <which>', 'which faces of a photo').choices(['largest', 'all']).default('largest'))
    .addOption(new Option('--without-face <what>', 'what to do where no face is found').choices(['skip', 'centre']).default('skip'))
    .addOption(new Option('--format <format>', 'of the results').choices(['jpeg', 'png', 'webp', 'avif', 'tiff', 'psd']).default('jpeg'))
    .option('--max-side <pixels>', 'the longer side at most', parse.side)
    .option('--name <template>', 'of {name} {prompt} {date} {pack} {n}', DEFAULT_TEMPLATE)
    .addOption(new Option('--conflict <what>', 'where a name is taken').choices(['unique', 'overwrite', 'skip']).default('unique'))
    .action(async (folder: string, options: BatchCommandOptions) => batchCommand(await studio(), report, folder, options))

  root
    .command('generate')
    .description('make a picture from a text, a seed or latents')
    .addOption(new Option('--text <text>', 'what it should show').conflicts(['seed', 'latents']))
    .addOption(new Option('--seed <n>', 'a random sample').argParser(parse.seed).conflicts('latents'))
    .option('--latents <file>', 'a safetensors file with s, wPlus, w or z')
    .option('--pack <id>', 'the pack to use')
    .requiredOption('--out <file>', 'a picture, or .safetensors for its latent')
    .action(async (options: GenerateOptions) => generateCommand(await studio(), report, options))

  root
    .command('invert')
    .argument('<photo>')
    .description("find a photo's latent")
    .addOption(new Option('--quality <quality>', 'how much work to put in').choices(['instant', 'refined']).default('instant'))
    .option('--face <n>', 'which face, 1 is the largest', parse.count)
    .option('--crop <x,y,size[,degrees]>', 'the square to work on, in photo pixels', parse.crop)
    .option('--pack <id>', 'the pack to use')
    .requiredOption('--out <file>', '.safetensors for the latent, or a picture of it')
    .action(async (photo: string, options: InvertOptions) => invertCommand(await studio(), report, photo, options))

  const packs = root.command('packs').description('the packs on this machine')
  addPackCommands(packs, folders, report)
  packs.command('list').action(() => listCommand(folders, report))
  packs
    .command('show')
    .argument('<pack>')
    .action((named: string) => showCommand(folders, report, named))
  packs
    .command('verify')
    .argument('<pack>')
    .action((named: string) => verifyCommand(folders, report, named))

  root
    .command('evaluate')
    .argument('[pack]')
    .description('measure what edits, words and inversions do, by judges that none of them sees')
    .option('--people <n>', 'how many samples to edit', parse.count, 64)
    .option('--strength <number>', 'from -3 to 3', parse.strength, 1)
    .option('--focus <number>', '"auto", or 0 to 1', parse.focus, 'auto')
    .option('--seed <n>', 'which people', parse.seed)
    .option('--test <folder>', "pictures of the recipe's renderer: compare the generator, ask and find by text, invert")
    .option('--pictures <n>', 'how many of them to ask about', parse.count, 300)
    .option('--inversions <n>', 'how many of them to invert', parse.count, 20)
    .option('--steps <n>', 'of a refined inversion', parse.count, refineSteps)
    .option('--out <folder>', 'write evaluation.json, and evaluation.html with pictures')
    .action(async (pack: string | undefined, options: EvaluateOptions) => {
      await evaluateCommand(await studio(), report, pack, judgesBeside(folders.packs), options)
    })

  root
    .command('bench')
    .description('measure the speed of every stage')
    .option('--nvidia <folder>', "NVIDIA's stylegan2-ada-pytorch, to compare with (default: our own plain graph)")
    .option('--python <program>', 'a Python with PyTorch, for --nvidia', 'python3')
    .option('--rounds <n>', 'how often each side runs', parse.count, 5)
    .option('--photo <file>', 'the photo to walk through the studio')
    .option('--pack <id>', 'the pack to use')
    .option('--no-synthesis', 'only the stages from click to picture')
    .action(async (options: BenchOptions) => {
      await benchCommand(await studio(), report, options.photo ?? join(folders.samples, 'astronaut.jpg'), options)
    })

  root
    .command('serve')
    .argument('[photo]')
    .description('open the studio in a browser of this machine')
    .option('--port <n>', 'the port on 127.0.0.1 (default: a free one)', parse.port, 0)
    .option('--no-open', 'do not open the browser')
    .action((photo: string | undefined, options: { port: number; open: boolean }) => serveBrowser(folders, { ...options, photo }))

  for (const command of [...root.commands, ...packs.commands]) command.option('--json', 'print progress and results as JSON lines')
  return root
}

/** The options that every command with a prompt has. */
function withEdit(command: Command): Command {
  return withFile(command)
    .requiredOption('--text <text>', 'what should change: "smiling, with red hair"')
    .option('--neutral <text>', "what it is now (default: the pack's neutral texts)", '')
    .option('--strength <number>', 'from -3 to 3; 1 is as trained', parse.strength, 1)
    .option('--focus <number>', 'share of the change that is left out, weakest first: "auto", or 0 to 1', parse.focus, 'auto')
    .addOption(
      new Option('--inversion <quality>', 'refined takes longer and keeps more of the person')
        .choices(['instant', 'refined'])
        .default('instant'),
    )
    .option('--crop <x,y,size[,degrees]>', 'the square to edit, in photo pixels, instead of a face', parse.crop)
    .option('--pack <id>', 'the pack to use')
    .option('--no-recipe', 'do not put the recipe into the file')
}

/** How result files are written. */
function withFile(command: Command): Command {
  return command
    .option('--quality <n>', 'of JPEG, WebP and AVIF, 1 to 100', parse.quality, 92)
    .addOption(new Option('--metadata <which>', "the photo's own").choices(['all', 'all-but-location', 'none']).default('all'))
    .addOption(new Option('--profile <colours>', 'colour profile of the result').choices(['same', 'srgb', 'p3']).default('same'))
    .option('--no-label', 'do not mark the file as edited by a trained model')
}
