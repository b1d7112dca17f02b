/** One upload, by XMLHttpRequest: `fetch` doesn't tell how far a body has come. */

import { Fault, OFFLINE } from "./faults";
import { problemOf, type Rest } from "./rest";
import type { File } from "./wire";

/** Without a byte that moves for so long, it has failed. */
const STILL_MILLISECONDS = 30_000;

export interface Uploading {
  /** Rejects with a Fault. */
  readonly done: Promise<File>;
  stop(): void;
}

export function upload(
  rest: Rest,
  channelId: number,
  file: globalThis.File,
  onProgress: (part: number) => void,
): Uploading {
  let request: XMLHttpRequest | null = null;
  let isStopped = false;
  const once = (): Promise<File> => {
    if (isStopped) return Promise.reject(new Fault("stopped", "It was stopped."));
    request = new XMLHttpRequest();
    return sent(request, channelId, file, onProgress);
  };
  const done = once().catch(async (error: Fault) => {
    if (error.code !== "unauthenticated") throw error;
    await rest.get("/users/me"); // gets a new session, or says that there is none
    return once();
  });
  return {
    done,
    stop() {
      isStopped = true;
      request?.abort();
    },
  };
}

function sent(
  request: XMLHttpRequest,
  channelId: number,
  file: globalThis.File,
  onProgress: (part: number) => void,
): Promise<File> {
  return new Promise((resolve, reject) => {
    const lost = () => reject(new Fault(OFFLINE, "The server can't be reached."));
    let timer = setTimeout(lost, STILL_MILLISECONDS);
    request.upload.onprogress = ({ loaded, total }) => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), STILL_MILLISECONDS);
      onProgress(total ? loaded / total : 0);
    };
    request.onerror = request.onabort = lost;
    request.onloadend = () => clearTimeout(timer);
    request.onload = () => {
      if (request.status === 201) resolve(JSON.parse(request.responseText) as File);
      else reject(problemOf(request.status, request.getResponseHeader("Retry-After"), request.responseText));
    };
    const query = new URLSearchParams({ channel_id: String(channelId), name: file.name || "file" });
    request.open("POST", `/api/v1/files?${query}`);
    request.setRequestHeader("Chalkline-Page", "1");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.send(file);
  });
}
