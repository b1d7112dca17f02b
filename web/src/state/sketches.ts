/** Sketches as the views ask for them. What is drawn comes over a sketch's own socket (sketch/socket.ts). */

import { computed, type ReadonlySignal } from "@preact/signals";
import type { Rest } from "../protocol/rest";
import type { Comment, CreateComment, Link, Page, Sketch, SketchVersion } from "../protocol/wire";
import type { SketchesState } from "./api";
import { loaded } from "./sketch_list";
import type { Store } from "./store";

const MOST = 200;

export class Sketches implements SketchesState {
  readonly #rest: Rest;
  readonly #store: Store;
  readonly #loading = new Set<number>();

  constructor(rest: Rest, store: Store) {
    this.#rest = rest;
    this.#store = store;
  }

  list(channelId: number): ReadonlySignal<readonly Sketch[] | undefined> {
    const cell = this.#store.cell(channelId);
    if (!cell.state?.slices.sketches.known) void this.#load(channelId);
    return computed(() => {
      const known = cell.signals.sketches.value?.known;
      return known ? Array.from(known.values()).sort((one, other) => other.id - one.id) : undefined;
    });
  }

  async #load(channelId: number): Promise<void> {
    if (this.#loading.has(channelId)) return;
    this.#loading.add(channelId);
    try {
      await this.#store.cell(channelId).load(
        () => this.#rest.get<Page<Sketch>>(`/channels/${channelId}/sketches`, { limit: MOST }),
        (state, page) => ({
          ...state,
          slices: { ...state.slices, sketches: loaded(state.slices.sketches, page.items) },
        }),
        this.#store.context,
      );
    } catch {
      // The list stays unknown, and the next look at it asks again.
    } finally {
      this.#loading.delete(channelId);
    }
  }

  seq(channelId: number, sketchId: number): ReadonlySignal<number> {
    const { sketches } = this.#store.cell(channelId).signals;
    return computed(() => sketches.value?.seqs.get(sketchId) ?? sketches.value?.known?.get(sketchId)?.head_seq ?? 0);
  }

  get = (sketchId: number): Promise<Sketch> => this.#rest.get<Sketch>(`/sketches/${sketchId}`);

  create = (channelId: number, title: string): Promise<Sketch> =>
    this.#rest.ask<Sketch>("POST", `/channels/${channelId}/sketches`, { body: { title } });

  bringIn = (channelId: number, title: string, file: unknown): Promise<Sketch> =>
    this.#rest.ask<Sketch>("POST", `/channels/${channelId}/sketches/import?title=${encodeURIComponent(title)}`, {
      body: file,
    });

  rename = (sketchId: number, title: string): Promise<Sketch> =>
    this.#rest.ask<Sketch>("PATCH", `/sketches/${sketchId}`, { body: { title } });

  remove = (sketchId: number): Promise<void> => this.#rest.ask("DELETE", `/sketches/${sketchId}`);

  async versions(sketchId: number): Promise<readonly SketchVersion[]> {
    return (await this.#rest.get<Page<SketchVersion>>(`/sketches/${sketchId}/versions`, { limit: MOST })).items;
  }

  keepVersion = (sketchId: number, label: string): Promise<SketchVersion> =>
    this.#rest.ask<SketchVersion>("POST", `/sketches/${sketchId}/versions`, { body: { label } });

  restoreVersion = (sketchId: number, number: number): Promise<Sketch> =>
    this.#rest.ask<Sketch>("POST", `/sketches/${sketchId}/versions/${number}/restore`);

  async links(sketchId: number): Promise<readonly Link[]> {
    return (await this.#rest.get<Page<Link>>(`/sketches/${sketchId}/links`)).items;
  }

  createLink = (sketchId: number): Promise<Link> => this.#rest.ask<Link>("POST", `/sketches/${sketchId}/links`);

  revokeLink = (sketchId: number, linkId: number): Promise<void> =>
    this.#rest.ask("DELETE", `/sketches/${sketchId}/links/${linkId}`);

  async comments(sketchId: number): Promise<readonly Comment[]> {
    const found: Comment[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const page: Page<Comment> = await this.#rest.get(`/sketches/${sketchId}/comments`, { limit: MOST, cursor });
      found.push(...page.items);
      cursor = page.next_cursor;
    }
    return found;
  }

  commented(channelId: number, sketchId: number): ReadonlySignal<number> {
    const { sketches } = this.#store.cell(channelId).signals;
    return computed(() => sketches.value?.commented.get(sketchId) ?? 0);
  }

  comment = (sketchId: number, comment: CreateComment): Promise<Comment> =>
    this.#rest.ask<Comment>("POST", `/sketches/${sketchId}/comments`, { body: comment });

  resolveComment = (sketchId: number, commentId: number, resolved: boolean): Promise<Comment> =>
    this.#rest.ask<Comment>("PATCH", `/sketches/${sketchId}/comments/${commentId}`, { body: { resolved } });

  removeComment = (sketchId: number, commentId: number): Promise<void> =>
    this.#rest.ask("DELETE", `/sketches/${sketchId}/comments/${commentId}`);
}
