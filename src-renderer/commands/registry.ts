import type { Command, CommandHooks } from './command.ts'
import { compareCommands } from './compare-commands.ts'
import { editCommands } from './edit-commands.ts'
import { fileCommands } from './file-commands.ts'
import { helpCommands } from './help-commands.ts'
import { layerCommands } from './layer-commands.ts'
import { projectCommands } from './project-commands.ts'
import { maskCommands } from './mask-commands.ts'
import { refineCommands } from './refine-commands.ts'
import { toolCommands } from './tool-commands.ts'
import { viewCommands } from './view-commands.ts'

/** Every command of the studio: menu, palette, keyboard, tooltips and the sheet of keys read this one list. */
export function createCommands(hooks: CommandHooks): readonly Command[] {
  return [
    ...fileCommands(hooks),
    ...projectCommands(),
    ...editCommands(hooks),
    ...layerCommands(),
    ...viewCommands(),
    ...compareCommands(),
    ...refineCommands(),
    ...toolCommands(),
    ...maskCommands(),
    ...helpCommands(),
  ]
}
