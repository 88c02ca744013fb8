import { Command, InvalidArgumentError } from 'commander'
import { StudioError } from '../../contract/errors.ts'
import { findFolders } from '../folders.ts'
import { serveBrowser } from './serve.ts'

/** `node src-main/hosts/browser/main.ts [photo]`: the studio in a browser of this machine. */
const port = (text: string) => {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0 || number > 65535) throw new InvalidArgumentError('A port is a whole number up to 65535.')
  return number
}

const program = new Command('stylebridge-browser')
  .argument('[photo]', 'a photo to open')
  .option('--port <number>', 'the port on 127.0.0.1 (default: a free one)', port, 0)
  .option('--no-open', 'do not open the browser')
  .action(async (photo: string | undefined, options: { port: number; open: boolean }) => {
    try {
      await serveBrowser(findFolders(), { ...options, photo })
      process.exit(0)
    } catch (thrown) {
      console.error(StudioError.from(thrown, 'Stylebridge').message)
      process.exit(1)
    }
  })
await program.parseAsync()
