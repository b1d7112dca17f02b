/** The sketches of a channel, and how far each has been drawn; null until they are loaded. */

import type { Fact } from "../protocol/frames";
import type {
  Sketch,
  SketchChanged,
  SketchCommented,
  SketchCommentUpdated,
  SketchCreated,
  SketchDeleted,
  SketchUpdated,
} from "../protocol/wire";
import type { Slice } from "./slice";

export interface SketchList {
  readonly known: ReadonlyMap<number, Sketch> | null;
  /** The newest seq that was told of each: a thumbnail of an earlier one is old. */
  readonly seqs: ReadonlyMap<number, number>;
  /** The channel's seq of the newest word about each one's comments. */
  readonly commented: ReadonlyMap<number, number>;
}

function put(list: SketchList, sketch: Sketch): SketchList {
  return list.known ? { ...list, known: new Map(list.known).set(sketch.id, sketch) } : list;
}

function commented(list: SketchList, { sketch_id, seq }: SketchCommented | SketchCommentUpdated): SketchList {
  if (seq <= (list.commented.get(sketch_id) ?? 0)) return list;
  return { ...list, commented: new Map(list.commented).set(sketch_id, seq) };
}

export const sketches: Slice<SketchList> = {
  start: (_, was) => was ?? { known: null, seqs: new Map(), commented: new Map() },

  facts: {
    "sketch.created": (list, fact: SketchCreated) => put(list, fact.sketch),
    "sketch.commented": commented,
    "sketch.comment_updated": commented,
    "sketch.updated": (list, fact: SketchUpdated) => put(list, fact.sketch),
    "sketch.deleted": (list, fact: SketchDeleted) => {
      if (!list.known?.has(fact.sketch_id)) return list;
      const known = new Map(list.known);
      known.delete(fact.sketch_id);
      return { ...list, known };
    },
    "sketch.changed": (list, fact: Fact & SketchChanged) =>
      fact.sketch_seq > (list.seqs.get(fact.sketch_id) ?? 0)
        ? { ...list, seqs: new Map(list.seqs).set(fact.sketch_id, fact.sketch_seq) }
        : list,
  },
};

/** The page of sketches that was asked for, under whatever facts came meanwhile. */
export const loaded = (list: SketchList, found: readonly Sketch[]): SketchList => ({
  ...list,
  known: new Map(found.map((sketch) => [sketch.id, sketch])),
});
