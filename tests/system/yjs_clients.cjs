// Yjs clients with the unmodified y-websocket provider, driven by lines of JSON on standard input: one command a line,
// one answer a line, in the same order. Its argument is where the packages are.
const readline = require('node:readline')

const from = (name) => require(require.resolve(name, { paths: [process.argv[2]] }))
const { WebSocket } = from('ws')
const { WebsocketProvider } = from('y-websocket')
const Y = from('yjs')

const clients = new Map()

const until = async (isSo, ms = 40000) => {
  const end = Date.now() + ms
  while (!isSo()) {
    if (Date.now() > end) return false
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return true
}

const provide = (client, { url, sketch, token }) => {
  client.provider = new WebsocketProvider(url, sketch, client.doc, {
    WebSocketPolyfill: WebSocket,
    disableBc: true,
    protocols: ['chalkline.v1', `bearer.${token}`],
  })
}

const commands = {
  open: async (ask) => {
    const doc = new Y.Doc()
    const client = { doc }
    clients.set(ask.client, client)
    provide(client, ask)
    client.undo = new Y.UndoManager(doc.getMap('el'), { captureTimeout: 0 })
    return until(() => client.provider.synced)
  },
  move: async (ask) => {
    const client = clients.get(ask.client)
    client.provider.destroy()
    provide(client, ask)
    return until(() => client.provider.synced)
  },
  disconnect: ({ client }) => clients.get(client).provider.disconnect(),
  connect: async ({ client }) => {
    clients.get(client).provider.connect()
    return until(() => clients.get(client).provider.synced)
  },
  set: ({ client, key, style, place }) => {
    const { doc } = clients.get(client)
    doc.transact(() => {
      doc.getMap('el').set(key, style)
      doc.getMap('geo').set(key, place)
    })
  },
  delete: ({ client, key }) => {
    const { doc } = clients.get(client)
    doc.transact(() => {
      doc.getMap('el').delete(key)
      doc.getMap('geo').delete(key)
    })
  },
  undo: ({ client }) => { clients.get(client).undo.undo() },
  redo: ({ client }) => { clients.get(client).undo.redo() },
  say: ({ client, state }) => clients.get(client).provider.awareness.setLocalState(state),
  states: ({ client }) => [...clients.get(client).provider.awareness.getStates().values()],
  scene: ({ client }) => ({
    el: clients.get(client).doc.getMap('el').toJSON(),
    geo: clients.get(client).doc.getMap('geo').toJSON(),
  }),
  sees: ({ client, key, gone }) => until(() => clients.get(client).doc.getMap('el').has(key) !== Boolean(gone)),
  hears: ({ client, number }) => until(() => clients.get(client).provider.awareness.getStates().size === number),
  text: ({ client, insert }) => {
    const text = clients.get(client).doc.getText('text')
    if (insert) text.insert(text.length, insert)
    return text.toString()
  },
  pending: ({ client }) => {
    const { store } = clients.get(client).doc
    return store.pendingStructs !== null || store.pendingDs !== null
  },
  end: () => { setTimeout(() => process.exit(0), 10) },
}

const main = async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const ask = JSON.parse(line)
    const answer = (await commands[ask.do](ask)) ?? null
    process.stdout.write(`${JSON.stringify(answer)}\n`)
  }
}

main()
