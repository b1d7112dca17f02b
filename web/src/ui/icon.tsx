/** Line drawings on a grid of 24, in the colour of the text around them. They say nothing to screen readers. */

const PATHS = {
  alert: "M12 8v5m0 3.2v.1M10.3 4.3 2.9 17.2A2 2 0 0 0 4.6 20h14.8a2 2 0 0 0 1.7-2.8L13.7 4.3a2 2 0 0 0-3.4 0Z",
  arrowDown: "M12 5v14m-6-6 6 6 6-6",
  back: "M19 12H5m6 6-6-6 6-6",
  bold: "M7 5h6a3.5 3.5 0 0 1 0 7H7Zm0 7h7a3.5 3.5 0 0 1 0 7H7Z",
  check: "m5 12.5 4.5 4.5L19 7",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-14v5l3 2",
  code: "m8 7-5 5 5 5m8-10 5 5-5 5M14 5l-4 14",
  compass: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm3.5-12.5-2 5-5 2 2-5Z",
  copy: "M9 9h10v11H9Zm-4 6V4h10",
  down: "m6 9 6 6 6-6",
  edit: "M4 20h4L19 9l-4-4L4 16Zm9-13 4 4",
  hash: "M5 9h15M4 15h15M10 4 8 20m8-16-2 16",
  italic: "M10 5h8M6 19h8M14 5l-4 14",
  keyboard: "M3 7h18v11H3Zm4 4h.1m3.2 0h.1m3.2 0h.1m3.2 0h.1M8 14.5h8",
  leave: "M10 4H5v16h5m4-12 4 4-4 4m4-4H9",
  link: "M10 14a4.2 4.2 0 0 0 6 0l3-3a4.2 4.2 0 0 0-6-6l-1 1m2 4a4.2 4.2 0 0 0-6 0l-3 3a4.2 4.2 0 0 0 6 6l1-1",
  list: "M9 6h11M9 12h11M9 18h11M4.5 6h.1m-.1 6h.1m-.1 6h.1",
  lock: "M6 11h12v9H6Zm2.5 0V8a3.5 3.5 0 0 1 7 0v3",
  menu: "M4 7h16M4 12h16M4 17h16",
  message: "M4 5h16v11h-8l-4.5 4v-4H4Z",
  monitor: "M4 5h16v11H4Zm4 15h8m-4-4v4",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z",
  more: "M5.5 12h.1m6.4 0h.1m6.4 0h.1",
  plus: "M12 5v14m-7-7h14",
  quote: "M5 6v12M10 8h9m-9 4h9m-9 4h6",
  reply: "m9 7-5 5 5 5m-5-5h9a7 7 0 0 1 7 7",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 5 5",
  send: "M4 12 3.5 4.5 21 12 3.5 19.5Zm0 0h8",
  server: "M4 5h16v6H4Zm0 8h16v6H4Zm3.5-5h.1m-.1 8h.1",
  shield: "M12 3 5 6v5c0 4.6 3 8.3 7 10 4-1.7 7-5.4 7-10V6Z",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm0-14v2m0 16v2M2 12h2m16 0h2M5 5l1.4 1.4m11.2 11.2L19 19M5 19l1.4-1.4M17.6 6.4 19 5",
  trash: "M5 7h14M10 7V4h4v3m-7 0 1 13h8l1-13",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.5 8.5a7.5 7.5 0 0 1 15 0",
  userPlus: "M10 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 8.5a7 7 0 0 1 14 0M19 7v6m-3-3h6",
  users:
    "M9 12a3.7 3.7 0 1 0 0-7.4A3.7 3.7 0 0 0 9 12Zm-6.5 8a6.5 6.5 0 0 1 13 0M15.5 4.9a3.7 3.7 0 0 1 0 6.8m2.5 2.7a6.5 6.5 0 0 1 3.5 5.6",
  x: "m6 6 12 12M18 6 6 18",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
