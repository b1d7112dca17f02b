/** Push messages as browsers have them. */
import type { Pusher } from "../state/device";

/** A service worker that isn't there yet is waited for: it begins after the page. */
const WAIT_MILLISECONDS = 10_000;

export function browserPusher(): Pusher {
  return { obstacle: obstacle(), isAllowed: () => Notification.permission === "granted", subscribe, unsubscribe };
}

function obstacle(): Pusher["obstacle"] {
  if (!globalThis.isSecureContext) return "insecure";
  return "serviceWorker" in navigator && "PushManager" in globalThis && "Notification" in globalThis
    ? null
    : "unsupported";
}

async function subscribe(key: string): ReturnType<Pusher["subscribe"]> {
  const { pushManager } = await worker();
  const bytes = fromBase64(key);
  const known = await pushManager.getSubscription();
  if (known && !isSame(known.options.applicationServerKey, bytes)) await known.unsubscribe();
  const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes });
  const { endpoint, keys } = made.toJSON();
  return { endpoint: endpoint ?? "", keys: { p256dh: keys?.["p256dh"] ?? "", auth: keys?.["auth"] ?? "" } };
}

async function unsubscribe(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  const known = await registration?.pushManager?.getSubscription();
  await known?.unsubscribe();
}

function worker(): Promise<ServiceWorkerRegistration> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("no service worker")), WAIT_MILLISECONDS);
    navigator.serviceWorker.ready.then((registration) => {
      clearTimeout(timer);
      resolve(registration);
    }, reject);
  });
}

function isSame(known: ArrayBuffer | null, bytes: Uint8Array): boolean {
  const were = new Uint8Array(known ?? new ArrayBuffer(0));
  return were.length === bytes.length && were.every((byte, index) => byte === bytes[index]);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
}
