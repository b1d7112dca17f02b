/** The little of Node that these tests use. Its whole types would change those of the page's own timers. */

declare module "node:child_process" {
  interface ChildProcess {
    readonly exitCode: number | null;
    readonly stderr: { on(event: "data", listener: (piece: unknown) => void): void } | null;
    once(event: "exit", listener: (code: number | null) => void): void;
    kill(signal: string): boolean;
  }
  function spawn(command: string, args: readonly string[], options: { stdio: readonly string[] }): ChildProcess;
}

declare module "node:fs" {
  function existsSync(path: string): boolean;
}

declare module "node:fs/promises" {
  function mkdtemp(prefix: string): Promise<string>;
  function rm(path: string, options: { recursive: boolean; force: boolean; maxRetries: number }): Promise<void>;
}

declare module "node:os" {
  function tmpdir(): string;
}

declare module "node:path" {
  function join(...parts: string[]): string;
}

declare module "node:url" {
  function fileURLToPath(url: URL): string;
}
