// Many sockets of node's `ws`, driven by lines of JSON on stdin; what happens to them goes to stdout likewise.
const { WebSocket } = require(require.resolve("ws", { paths: [process.argv[2]] }));
const lines = require("readline").createInterface({ input: process.stdin });

const sockets = new Map();
const tell = (id, what, more) => process.stdout.write(JSON.stringify({ id, what, ...more }) + "\n");

function open({ id, url, token }) {
  const headers = { Authorization: `Bearer ${token}` };
  const socket = new WebSocket(url, { headers, handshakeTimeout: 5000, perMessageDeflate: false });
  let answered = false;
  const first = (what, more) => {
    if (!answered) tell(id, what, more);
    answered = true;
  };
  sockets.set(id, socket);
  socket.on("open", () => first("open"));
  socket.on("unexpected-response", (request, response) => {
    first("refused", { status: response.statusCode });
    request.destroy();
  });
  socket.on("message", (data) => tell(id, "text", { text: data.toString() }));
  socket.on("error", (error) => first("failed", { why: error.message }));
  socket.on("close", (code) => {
    sockets.delete(id);
    if (socket.wasOpen) tell(id, "gone", { code });
    else first("failed", { why: "closed" });
  });
  socket.once("open", () => (socket.wasOpen = true));
}

const acts = {
  open,
  send: ({ id, text }) => {
    const socket = sockets.get(id);
    if (socket && socket.readyState === WebSocket.OPEN) socket.send(text);
  },
  drop: ({ id }) => sockets.get(id)?.terminate(),
  pause: ({ id }) => sockets.get(id)?.pause(),
  resume: ({ id }) => sockets.get(id)?.resume(),
};

lines.on("line", (line) => {
  const order = JSON.parse(line);
  acts[order.do](order);
});
lines.on("close", () => process.exit(0));
