import { config } from 'zod'

/** zod compiles object parsers with `new Function`, which the renderer's content security policy forbids; this must run before the first schema is made. */
config({ jitless: true })
