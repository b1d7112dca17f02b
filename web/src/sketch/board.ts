/** One open sketch on the screen: the document, the tools, and what is shown of them until it is written down.
 *
 * Knows no server: `room.ts` brings it one. Views read its signals and call what it offers.
 */

import { computed, signal } from "@preact/signals";
import { type Camera, fitting, panned, seen, type Size, START, zoomed } from "./camera";
import { rerouted } from "./connect";
import { SketchDocument } from "./document";
import { type Element, NAMES, newId, type Place, type Style } from "./elements";
import { type Box, boxOf, centre, holds, union, type Vector } from "./geometry";
import type { Changed } from "./handles";
import { FIRST_LOOK, type Look } from "./look";
import { type Doing, type Draft, Presence } from "./presence";
import { arrow, diamond, ellipse, line, note, rectangle } from "./tools/shape";
import { highlighter, pen } from "./tools/ink";
import { eraser, hand, image, laser, text } from "./tools/others";
import { select } from "./tools/select";
import type { Tool, ToolName } from "./tools/tool";

export const tools: Record<ToolName, Tool> = {
  select,
  hand,
  pen,
  highlighter,
  eraser,
  line,
  arrow,
  rectangle,
  ellipse,
  diamond,
  text,
  note,
  image,
  laser,
};

/** A text that is being written: of an element, or of one that is to be at a place. */
export interface Writing {
  readonly id: string | null;
  readonly at: Vector;
}

/** What is drawn by hand over the finished elements. */
export interface Live {
  draft: Draft | null;
  dragged: readonly Element[];
  marquee: Box | null;
  laser: readonly Vector[];
  /** Not to be seen in the finished picture: being erased, dragged or written. */
  hidden: ReadonlySet<string>;
}

export class Board {
  readonly document = new SketchDocument();
  readonly presence: Presence;
  readonly tool = signal<ToolName>("pen");
  readonly look = signal<Look>(FIRST_LOOK);
  readonly camera = signal<Camera>(START);
  readonly size = signal<Size>({ width: 1, height: 1 });
  readonly selection = signal<ReadonlySet<string>>(new Set());
  readonly writing = signal<Writing | null>(null);
  readonly wantsImage = signal<Vector | null>(null);
  readonly drawing = signal(false);
  /** Counts changes of the document, for what is computed of it. */
  readonly version = signal(0);
  readonly count = computed(() => (this.version.value >= 0 ? this.document.size : 0));
  /** The client whose view is shown here, until one moves the board oneself. */
  readonly followed = signal<number | null>(null);
  /** A pen has been used: fingers move the board then, and hands may rest on it. */
  readonly isPenOnly = signal(false);
  readonly live: Live = { draft: null, dragged: [], marquee: null, laser: [], hidden: new Set() };
  readonly userId: number | null;
  mayDraw: boolean;
  /** Set by the canvas: there is something new to be drawn by hand. */
  redraw: () => void = () => {};
  /** Set where one may comment: begins a thread about what is selected. */
  comment: (() => void) | null = null;
  #erased: ReadonlySet<string> = new Set();

  constructor(userId: number | null, mayDraw: boolean) {
    this.userId = userId;
    this.mayDraw = mayDraw;
    if (!mayDraw) this.tool.value = "hand";
    this.presence = new Presence(this.document.doc, () => this.redraw());
    this.document.listen(({ changed }) => {
      this.version.value++;
      const gone = Array.from(changed).filter((id) => !this.document.get(id));
      if (gone.some((id) => this.selection.value.has(id))) {
        this.choose(new Set(Array.from(this.selection.value).filter((id) => this.document.get(id))));
      }
    });
  }

  // Tools and what they show.

  pick(tool: ToolName): void {
    if (!this.mayDraw && !tools[tool].isHarmless) return;
    this.tool.value = tool;
    if (tool !== "select") this.choose(new Set());
  }

  setLook(change: Partial<Look>): void {
    this.look.value = { ...this.look.value, ...change };
  }

  setDraft(draft: Draft | null): void {
    this.#show({ draft }, { draft });
  }

  setDragged(dragged: readonly Element[]): void {
    this.#show({ dragged }, { drag: dragged.length ? dragged : null });
  }

  setMarquee(marquee: Box | null): void {
    this.#show({ marquee });
  }

  setLaser(laser: readonly Vector[]): void {
    this.#show({ laser }, { laser });
  }

  hide(ids: Iterable<string>): void {
    this.#erased = new Set(ids);
    this.#show({});
  }

  #show(live: Partial<Live>, doing?: Doing): void {
    Object.assign(this.live, live);
    const written = this.writing.value?.id;
    const hidden = [...this.#erased, ...this.live.dragged.map(({ id }) => id), ...(written ? [written] : [])];
    this.live.hidden = new Set(hidden);
    if (doing) this.presence.tell(doing);
    this.redraw();
  }

  // Steps.

  add(style: Style, at: Vector): string {
    return this.document.add({ ...style, ...(this.userId && { by: this.userId }) }, at);
  }

  /** With the arrows that hold on to them. */
  reshape(changed: ReadonlyMap<string, Changed>): void {
    if (changed.size && this.mayDraw) this.document.rewrite(this.withArrows(changed));
  }

  withArrows(changed: ReadonlyMap<string, Changed>): ReadonlyMap<string, Changed> {
    const places = new Map<string, Place>(Array.from(changed, ([id, { place }]) => [id, place]));
    return new Map([...changed, ...rerouted(this.document, places)]);
  }

  /** A shape is done: it is selected, so that it can be placed and changed at once. */
  finish(ids: readonly string[]): void {
    this.tool.value = "select";
    this.choose(new Set(ids));
  }

  undo(): void {
    if (this.mayDraw) this.document.undo();
  }

  redo(): void {
    if (this.mayDraw) this.document.redo();
  }

  raise(where: "front" | "back"): void {
    if (this.mayDraw && this.selection.value.size) this.document.raise(this.selection.value, where);
  }

  group(): void {
    const group = newId();
    if (this.selection.value.size > 1) this.document.restyle(this.selection.value, () => ({ group }));
  }

  ungroup(): void {
    this.document.restyle(this.selection.value, () => ({ group: undefined }));
  }

  // What is selected.

  /** For people who can't see it. */
  describe({ style }: Element): string {
    const text = style.text?.trim();
    return text ? `${NAMES[style.kind]}: ${text.slice(0, 80)}` : NAMES[style.kind];
  }

  selected(): Element[] {
    return Array.from(this.selection.value, (id) => this.document.get(id)).filter((element) => element !== undefined);
  }

  choose(ids: ReadonlySet<string>): void {
    this.selection.value = ids;
    this.presence.tell({ selected: Array.from(ids) });
    this.redraw();
  }

  toggle(ids: ReadonlySet<string>): void {
    const chosen = new Set(this.selection.value);
    const isChosen = Array.from(ids).every((id) => chosen.has(id));
    for (const id of ids) isChosen ? chosen.delete(id) : chosen.add(id);
    this.choose(chosen);
  }

  // Writing.

  write(id: string): void {
    const element = this.document.get(id);
    if (!this.mayDraw || !element) return;
    this.writing.value = { id, at: { x: element.place[0], y: element.place[1] } };
    this.#show({});
  }

  writeAt(at: Vector): void {
    this.writing.value = { id: null, at };
  }

  stopWriting(): void {
    this.writing.value = null;
    this.#show({});
  }

  askForImage(at: Vector): void {
    this.wantsImage.value = at;
  }

  // The view.

  pan(dx: number, dy: number): void {
    this.#look(panned(this.camera.value, dx, dy));
  }

  zoom(factor: number, at?: Vector): void {
    const { width, height } = this.size.value;
    this.#look(zoomed(this.camera.value, this.size.value, at ?? { x: width / 2, y: height / 2 }, factor));
  }

  zoomTo(zoom: number): void {
    this.zoom(zoom / this.camera.value.zoom);
  }

  /** All of it, or of what is selected. */
  fit(elements?: readonly Element[]): void {
    const bounds = elements?.length ? union(elements.map(boxOf)) : this.document.bounds();
    this.#look(bounds ? fitting(bounds, this.size.value) : START);
  }

  /** All of it, where one would begin with an empty view. */
  fitAtFirst(): void {
    const bounds = this.document.bounds();
    const view = seen(this.camera.value, this.size.value);
    if (bounds && this.camera.value === START && !holds(view, bounds)) this.fit();
  }

  /** Brings an element into view, if it isn't there. */
  reveal(id: string): void {
    const box = this.document.box(id);
    if (!box || holds(seen(this.camera.value, this.size.value), box)) return;
    this.#look({ ...this.camera.value, ...centre(box) });
  }

  resize(size: Size): void {
    this.size.value = size;
    this.#tellView();
  }

  showAt(camera: Camera): void {
    this.camera.value = camera;
    this.redraw();
  }

  #look(camera: Camera): void {
    this.followed.value = null;
    this.showAt(camera);
    this.#tellView();
  }

  #tellView(): void {
    const { x, y, zoom } = this.camera.value;
    this.presence.tell({ view: [x, y, zoom] });
  }

  close(): void {
    this.presence.close();
    this.document.close();
  }
}
