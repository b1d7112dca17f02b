// node `ws`, as its documentation broadcasts; without compression.
const { WebSocketServer, WebSocket } = require("ws");

const listeners = new Set();
const server = new WebSocketServer({ host: "127.0.0.1", port: Number(process.argv[2]), perMessageDeflate: false });

server.on("connection", (socket, request) => {
  if (request.url === "/listen") {
    listeners.add(socket);
    socket.on("close", () => listeners.delete(socket));
    return;
  }
  socket.on("message", (data) => {
    for (const listener of listeners) {
      if (listener.readyState === WebSocket.OPEN) listener.send(data, { binary: false });
    }
  });
});
