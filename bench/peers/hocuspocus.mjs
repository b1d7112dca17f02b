// Hocuspocus as its guide starts it: documents in memory, nothing stored.
import { Server } from '@hocuspocus/server'

await new Server({ port: Number(process.argv[2]), address: '127.0.0.1', quiet: true }).listen()
