import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const OUT = "../server/page";
const WORTH_PACKING = /\.(js|css|html|svg|json|webmanifest|txt)$/;
const TOO_SMALL = 256;

/** The server compresses nothing itself: what it serves lies beside the file, as `.br` and `.gz`. */
function packed(): Plugin {
  return {
    name: "packed",
    apply: "build",
    writeBundle() {
      const files = readdirSync(OUT, { recursive: true, withFileTypes: true });
      for (const file of files) {
        const path = join(file.parentPath, file.name);
        if (file.isFile() && WORTH_PACKING.test(path)) pack(path);
      }
    },
  };
}

function pack(path: string): void {
  const bytes = readFileSync(path);
  if (bytes.length < TOO_SMALL) return;
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, brotli));
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
}

export default defineConfig({
  plugins: [packed()],
  // No polyfill and nothing inlined: the policy lets in only files of our own host.
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: {
      input: { index: "index.html", "service-worker": "src/service-worker/index.ts" },
      output: {
        // A service worker has one address for ever, and stands above what it serves.
        entryFileNames: ({ name }) => (name === "service-worker" ? "[name].js" : "assets/[name]-[hash].js"),
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
  worker: { format: "es" },
  // `vite` serves the page while one works on it; the rest comes from a server that is running.
  server: {
    host: "127.0.0.1",
    proxy: {
      "/api": "http://127.0.0.1:8000",
      "/health": "http://127.0.0.1:8000",
      "/ws": { target: "ws://127.0.0.1:8000", ws: true },
    },
  },
});
