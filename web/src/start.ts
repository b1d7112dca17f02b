/** The first script: lets the browser draw what the document holds, then starts the page.
 *
 * Its style is a few lines: a browser draws nothing before all of a document's style is there.
 */
import "./styles/boot.css";

/** A page in the background draws nothing, and starts all the same. */
const WAIT_MS = 100;

let isStarted = false;

function start(): void {
  if (isStarted) return;
  isStarted = true;
  void import("./main");
}

// In the task after the frame: whatever runs before it holds up the frame.
requestAnimationFrame(() => setTimeout(start));
setTimeout(start, WAIT_MS);
