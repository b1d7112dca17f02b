/** Files on their way to messages that are being written: a few at a time, kept over a reload once the server has them. */

import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { asFault } from "../protocol/faults";
import type { Uploading } from "../protocol/upload";
import type { File } from "../protocol/wire";
import type { Tray, Upload } from "./api";
import { kept } from "./kept";
import type { KeptStorage } from "./surroundings";

const AT_ONCE = 3;
/** Of one message: the server takes no more. */
export const MOST_FILES = 10;

export interface TraySurroundings {
  readonly storage: KeptStorage | null;
  me(): number;
  key(): string;
  mostBytes(): number;
  send(channelId: number, file: globalThis.File, onProgress: (part: number) => void): Uploading;
  remove(file: File): Promise<unknown>;
  isThere(file: File): Promise<boolean>;
}

export class Trays {
  readonly #around: TraySurroundings;
  readonly #trays = new Map<string, OneTray>();

  constructor(around: TraySurroundings) {
    this.#around = around;
  }

  of(me: number, channelId: number, thread: number | null): Tray {
    const name = `chalkline:files:${me}:${channelId}${thread === null ? "" : `/${thread}`}`;
    return kept(this.#trays, name, () => new OneTray(this.#around, channelId, name));
  }

  /** Nothing stays behind on this machine. */
  erase(me: number): void {
    const { storage } = this.#around;
    const names = Array.from({ length: storage?.length ?? 0 }, (_, index) => storage?.key(index) ?? "");
    for (const name of names) if (name.startsWith(`chalkline:files:${me}:`)) storage?.removeItem(name);
    for (const tray of this.#trays.values()) tray.stop();
    this.#trays.clear();
  }
}

class OneTray implements Tray {
  readonly #around: TraySurroundings;
  readonly #channelId: number;
  readonly #name: string;
  readonly #uploads: Signal<readonly Upload[]>;
  readonly #sources = new Map<string, globalThis.File>();
  readonly #running = new Map<string, Uploading>();

  constructor(around: TraySurroundings, channelId: number, name: string) {
    this.#around = around;
    this.#channelId = channelId;
    this.#name = name;
    this.#uploads = signal(this.#restored());
    for (const { key, file } of this.#uploads.peek()) if (file) void this.#check(key, file);
  }

  get uploads(): ReadonlySignal<readonly Upload[]> {
    return this.#uploads;
  }

  add(files: Iterable<globalThis.File>): void {
    for (const source of files) {
      const key = this.#around.key();
      const { name, size } = source;
      const fault = this.#refusal(size);
      this.#sources.set(key, source);
      const upload: Upload = { key, name, size, state: fault ? "failed" : "waiting", progress: 0, file: null, ...NONE };
      this.#put([...this.#uploads.peek(), { ...upload, ...fault }]);
    }
    this.#next();
  }

  retry(key: string): void {
    const one = this.#uploads.peek().find((upload) => upload.key === key);
    if (one?.state !== "failed" || !this.#sources.has(key)) return;
    this.#change(key, { state: "waiting", progress: 0, ...NONE, ...this.#refusal(one.size, key) });
    this.#next();
  }

  remove(key: string): void {
    const one = this.#uploads.peek().find((upload) => upload.key === key);
    this.#forget(key);
    if (one?.file) this.#around.remove(one.file).catch(() => undefined); // the server forgets it by itself in a day
    this.#next();
  }

  take(): readonly File[] {
    const files = this.#uploads.peek().flatMap(({ file }) => (file ? [file] : []));
    this.stop();
    return files;
  }

  give(files: readonly File[]): void {
    const given = new Set(files.map(({ id }) => id));
    for (const { key, file } of this.#uploads.peek()) if (file && given.has(file.id)) this.#forget(key);
  }

  stop(): void {
    for (const running of this.#running.values()) running.stop();
    this.#running.clear();
    this.#sources.clear();
    this.#put([]);
  }

  /** What needs no asking: too large, or one too many. */
  #refusal(size: number, but = ""): Partial<Upload> | null {
    if (size > this.#around.mostBytes()) return { state: "failed", code: "too_large", detail: "" };
    const others = this.#uploads.peek().filter(({ key, code }) => key !== but && code !== "too_many");
    return others.length >= MOST_FILES ? { state: "failed", code: "too_many", detail: "" } : null;
  }

  #next(): void {
    for (const { key, state } of this.#uploads.peek()) {
      if (this.#running.size >= AT_ONCE) return;
      if (state === "waiting") void this.#send(key);
    }
  }

  async #send(key: string): Promise<void> {
    const source = this.#sources.get(key);
    if (!source) return;
    this.#change(key, { state: "uploading" });
    const onProgress = (progress: number) => this.#running.get(key) === running && this.#change(key, { progress });
    const running = this.#around.send(this.#channelId, source, onProgress);
    this.#running.set(key, running);
    try {
      const file = await running.done;
      if (this.#running.get(key) === running) this.#change(key, { state: "ready", progress: 1, file });
      else this.#around.remove(file).catch(() => undefined);
    } catch (error) {
      const { code, detail } = asFault(error);
      if (this.#running.get(key) === running) this.#change(key, { state: "failed", code, detail });
    } finally {
      if (this.#running.get(key) === running) this.#running.delete(key);
      this.#next();
    }
  }

  /** After a reload: the server may have forgotten it meanwhile. */
  async #check(key: string, file: File): Promise<void> {
    if (!(await this.#around.isThere(file))) this.#change(key, { state: "failed", code: "expired_file", file: null });
  }

  #forget(key: string): void {
    const running = this.#running.get(key);
    this.#running.delete(key);
    running?.stop();
    this.#sources.delete(key);
    this.#put(this.#uploads.peek().filter((upload) => upload.key !== key));
  }

  #change(key: string, change: Partial<Upload>): void {
    this.#put(this.#uploads.peek().map((one) => (one.key === key ? { ...one, ...change } : one)));
  }

  #put(uploads: readonly Upload[]): void {
    this.#uploads.value = uploads;
    const ready = uploads.flatMap(({ file }) => (file ? [file] : []));
    try {
      if (ready.length) this.#around.storage?.setItem(this.#name, JSON.stringify(ready));
      else this.#around.storage?.removeItem(this.#name);
    } catch {
      // Full, or forbidden: it lasts as long as the page.
    }
  }

  #restored(): readonly Upload[] {
    try {
      const files = JSON.parse(this.#around.storage?.getItem(this.#name) ?? "[]") as readonly File[];
      return files.map((file) => {
        const { name, size } = file;
        return { key: this.#around.key(), name, size, state: "ready", progress: 1, file, ...NONE };
      });
    } catch {
      return [];
    }
  }
}

const NONE = { code: "", detail: "" } as const;
