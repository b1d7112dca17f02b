/** Asks for a picture when the image tool was pressed somewhere, and puts it there. */
import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { notify } from "../ui/live";
import type { Board } from "./board";
import { addPictures } from "./clipboard";

export function ImagePicker({ board }: { board: Board }) {
  const input = useRef<HTMLInputElement>(null);
  useSignalEffect(() => {
    if (board.wantsImage.value) input.current?.click();
  });
  const take = (files: readonly File[]) => {
    const at = board.wantsImage.peek();
    board.wantsImage.value = null;
    if (!files.length || !at) return;
    addPictures(board, files, at).catch(() => notify("This is no picture that your browser can read.", true));
  };
  return (
    <input
      ref={input}
      type="file"
      accept="image/png,image/jpeg,image/gif,image/webp"
      multiple
      hidden
      aria-label="Picture"
      onChange={(event) => {
        take(Array.from(event.currentTarget.files ?? []));
        event.currentTarget.value = "";
      }}
      onCancel={() => {
        board.wantsImage.value = null;
      }}
    />
  );
}
