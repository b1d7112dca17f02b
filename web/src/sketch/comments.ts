/** What people say about a sketch: threads, each about an element or about the whole. */

import { batch, computed, effect, signal } from "@preact/signals";
import type { Comment } from "../protocol/wire";
import type { SketchesState } from "../state";
import { announce } from "../ui/live";
import type { Board } from "./board";

export interface Thread {
  readonly id: number;
  /** Null: it was deleted, and what was answered to it is left. */
  readonly first: Comment | null;
  readonly answers: readonly Comment[];
  readonly isResolved: boolean;
}

/** Of all comments, the oldest first; so are the threads. Pure. */
export function threadsOf(comments: readonly Comment[]): Thread[] {
  const inThread = new Map<number, Comment[]>();
  for (const comment of comments) {
    const id = comment.thread ?? comment.id;
    inThread.set(id, [...(inThread.get(id) ?? []), comment]);
  }
  return Array.from(inThread, ([id, all]) => {
    const first = all.find((comment) => comment.id === id) ?? null;
    const isResolved = first ? first.resolved_at !== null : false;
    return { id, first, answers: all.filter((comment) => comment !== first), isResolved };
  });
}

/** A thread that is begun: about which element, or null for the whole sketch. */
export interface Beginning {
  readonly elementId: string | null;
}

export class Comments {
  readonly all = signal<readonly Comment[] | null>(null);
  readonly threads = computed(() => threadsOf(this.all.value ?? []));
  readonly open = computed(() => this.threads.value.filter((thread) => !thread.isResolved));
  readonly isShown = signal(false);
  /** The thread that is looked at. */
  readonly chosen = signal<number | null>(null);
  readonly beginning = signal<Beginning | null>(null);
  readonly isLost = signal(false);
  readonly #end: () => void;
  readonly #board: Board;
  readonly #sketchId: number;
  readonly #state: SketchesState;

  constructor(board: Board, sketch: { readonly id: number; readonly channel_id: number }, state: SketchesState) {
    this.#board = board;
    this.#sketchId = sketch.id;
    this.#state = state;
    const told = state.commented(sketch.channel_id, sketch.id);
    this.#end = effect(() => {
      void told.value;
      void this.load();
    });
    board.comment = () => this.begin();
  }

  async load(): Promise<void> {
    try {
      const found = await this.#state.comments(this.#sketchId);
      const before = this.all.peek();
      if (before && found.length > before.length) announce("There is a new comment");
      batch(() => {
        this.all.value = found;
        this.isLost.value = false;
      });
    } catch {
      this.isLost.value = true;
    }
  }

  /** About the one element that is selected, or about the sketch. */
  begin(): void {
    const [only, another] = this.#board.selected();
    batch(() => {
      this.isShown.value = true;
      this.chosen.value = null;
      this.beginning.value = { elementId: only && !another ? only.id : null };
    });
  }

  choose(thread: Thread): void {
    batch(() => {
      this.isShown.value = true;
      this.beginning.value = null;
      this.chosen.value = thread.id;
    });
    const id = thread.first?.element_id;
    if (id) this.#board.reveal(id);
  }

  /** Rejects as `state.comment` does; then nothing has changed. */
  async say(text: string): Promise<void> {
    const beginning = this.beginning.value;
    if (!beginning) return;
    const made = await this.#state.comment(this.#sketchId, { text, element_id: beginning.elementId });
    batch(() => {
      this.#put(made);
      this.beginning.value = null;
      this.chosen.value = made.id;
    });
  }

  async answer(thread: number, text: string): Promise<void> {
    this.#put(await this.#state.comment(this.#sketchId, { text, thread }));
  }

  async resolve(thread: number, isResolved: boolean): Promise<void> {
    this.#put(await this.#state.resolveComment(this.#sketchId, thread, isResolved));
  }

  async remove(comment: number): Promise<void> {
    await this.#state.removeComment(this.#sketchId, comment);
    this.all.value = (this.all.value ?? []).filter(({ id }) => id !== comment);
  }

  #put(comment: Comment): void {
    const others = (this.all.value ?? []).filter(({ id }) => id !== comment.id);
    this.all.value = [...others, comment].sort((one, other) => one.id - other.id);
  }

  close(): void {
    this.#end();
    this.#board.comment = null;
  }
}
