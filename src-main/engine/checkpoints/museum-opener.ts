// Opens the files that it is given and prints what each is refused with; run by museum.test.ts in a process without any rights.
import { StudioError } from '../../contract/errors.ts'
import { openCheckpoint } from './open.ts'

for (const path of process.argv.slice(2)) {
  try {
    const opened = openCheckpoint(path)
    for (const name of opened.tensors.keys()) await opened.read(name)
    console.log('read')
  } catch (error) {
    console.log(error instanceof StudioError ? error.code : String(error))
  }
}
