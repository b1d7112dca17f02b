// socket.io: a room, over WebSocket alone.
const { Server } = require("socket.io");

const io = new Server({ transports: ["websocket"], pingInterval: 3600000, pingTimeout: 3600000 });

io.on("connection", (socket) => {
  socket.on("join", () => {
    socket.join("room");
    socket.emit("joined");
  });
  socket.on("post", (text) => io.to("room").emit("post", text));
});
io.listen(Number(process.argv[2]), { host: "127.0.0.1" });
