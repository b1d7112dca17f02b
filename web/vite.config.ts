import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type HtmlTagDescriptor, type Plugin } from "vite";
import { emojiData } from "./emoji_data.ts";

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

/** What `start.ts` will ask for is fetched while the document is drawn, which waits for none of it. */
function fetchedEarly(): Plugin {
  return {
    name: "fetched-early",
    apply: "build",
    transformIndexHtml(_, { bundle = {} }) {
      const main = Object.values(bundle).find((one) => one.type === "chunk" && one.name === "main");
      if (main?.type !== "chunk") throw new Error("There is no src/main.tsx in what was built.");
      const scripts = [main.fileName, ...main.imports];
      const styles = [...(main.viteMetadata?.importedCss ?? [])];
      return [
        ...styles.map((name) => link({ rel: "preload", as: "style", href: `/${name}` })),
        ...scripts.map((name) => link({ rel: "modulepreload", href: `/${name}` })),
      ];
    },
  };
}

interface Modules {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null;
}

/** All that the first view needs is one file, instead of one for each set of views that shares a module. */
function firstPage(id: string, modules: Modules): string | null {
  firstModules ??= reached(join(import.meta.dirname, "src/main.tsx"), modules);
  return firstModules.has(id) ? "main" : null;
}

let firstModules: Set<string> | undefined;

function reached(from: string, modules: Modules, found = new Set<string>()): Set<string> {
  if (found.has(from)) return found;
  found.add(from);
  for (const id of modules.getModuleInfo(from)?.importedIds ?? []) reached(id, modules, found);
  return found;
}

const link = (attrs: Record<string, string>): HtmlTagDescriptor => ({ tag: "link", attrs, injectTo: "head" });

export default defineConfig({
  plugins: [emojiData(), packed(), fetchedEarly()],
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
        codeSplitting: { groups: [{ name: firstPage }] },
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
