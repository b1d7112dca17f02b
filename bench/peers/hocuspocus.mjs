// Hocuspocus as its guide starts it: documents in memory, nothing stored.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [where, port] = process.argv.slice(2)
const found = createRequire(`${where}/package.json`).resolve('@hocuspocus/server')
const { Server } = await import(pathToFileURL(found))
await new Server({ port: Number(port), address: '127.0.0.1', quiet: true }).listen()
