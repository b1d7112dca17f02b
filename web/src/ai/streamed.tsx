/** An answer's text as it comes: only its last block is rendered again, so nothing above it flickers or loses a selection. */
import { Component } from "preact";
import { useRef } from "preact/hooks";
import { renderBlock } from "../chat/markdown/render";
import type { Block } from "../chat/markdown/syntax";
import { grow, mended, NOTHING } from "./stream";

interface StreamedProps {
  text: string;
  reader: string | undefined;
  isRunning: boolean;
}

export function Streamed({ text, reader, isRunning }: StreamedProps) {
  const grown = useRef(NOTHING);
  grown.current = grow(grown.current, isRunning ? mended(text, grown.current.length) : text);
  return (
    <div class={`prose${isRunning ? " is-streaming" : ""}`} dir="auto">
      {grown.current.blocks.map((block, index) => (
        <One key={index} block={block} reader={reader} />
      ))}
    </div>
  );
}

class One extends Component<{ block: Block; reader: string | undefined }> {
  override shouldComponentUpdate(next: { block: Block; reader: string | undefined }): boolean {
    return next.block !== this.props.block || next.reader !== this.props.reader;
  }

  override render({ block, reader }: { block: Block; reader: string | undefined }) {
    return renderBlock(block, reader);
  }
}
