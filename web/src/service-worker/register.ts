/** Starts the service worker, where the browser and the connection (https, or this machine) allow one. */

import { scriptUrl } from "../protocol/trusted";

export function registerServiceWorker(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const register = () => {
    // The browser's cache is never asked for it: a new one is found at the next page that is opened.
    navigator.serviceWorker.register(scriptUrl("/service-worker.js"), { updateViaCache: "none" }).catch(() => {
      // Forbidden, or no disk: the page does without.
    });
  };
  if (document.readyState === "complete") register();
  else addEventListener("load", register, { once: true });
}
