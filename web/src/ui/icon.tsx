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
  arrow: "M5 19 19 5m-9 0h9v9",
  diamond: "m12 3 9 9-9 9-9-9Z",
  ellipse: "M12 19c5 0 9-3.1 9-7s-4-7-9-7-9 3.1-9 7 4 7 9 7Z",
  eraser: "m8.5 20-5-5L14 4.5l6.5 6.5-9 9Zm-1-9 6.5 6.5M8.5 20H20",
  expand: "M4 9V4h5m6 0h5v5m0 6v5h-5m-6 0H4v-5",
  hand: "M8 12V6.5a1.5 1.5 0 0 1 3 0V11m0-5.5a1.5 1.5 0 0 1 3 0V11m0-4a1.5 1.5 0 0 1 3 0v7a6 6 0 0 1-6 6h-.5a6 6 0 0 1-4.7-2.3L3.5 14a1.5 1.5 0 0 1 2.3-2L8 14",
  highlighter: "m9 14 8-10 4 3-8 10Zm0 0-2 4 2 1.5 4-2.5M4 21h6",
  image: "M4 5h16v14H4Zm0 11 5-5 4 4 3-3 4 4M15 9h.1",
  laser:
    "M12 12h.1M12 3v4m0 10v4m9-9h-4M7 12H3m15.4-6.4-2.800 2.800m-7.200 7.200-2.800 2.800m12.800 0-2.800-2.800M8.4 8.4 5.600 5.600",
  line: "M5 19 19 5",
  note: "M4 4h16v10l-6 6H4Zm16 10h-6v6",
  pen: "M4 20c3-1 4-.5 5.5-2L20 7.5 16.5 4 6 14.5C4.5 16 5 17 4 20Zm10-13.5 3.5 3.5",
  pointer: "m5 3 5.5 17 2.7-7.3L20 9.5Z",
  rectangle: "M4 6h16v12H4Z",
  redo: "M19 9H9.5a5.5 5.5 0 0 0 0 11H13m6-11-4.5-4.5M19 9l-4.5 4.5",
  share:
    "M7 14a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Zm10-5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Zm0 11a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM9.3 10.4l5.5-2.7m-5.5 5 5.5 3.4",
  sketch: "M3 17c3-9 6-12 7.5-11s-3 9 0 9 3.5-5 6-5 1 6 4.5 6M4 21h16",
  text: "M5 6V4.5h14V6M12 4.5V20m-3 0h6",
  undo: "M5 9h9.5a5.5 5.5 0 0 1 0 11H11M5 9l4.5-4.5M5 9l4.5 4.5",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
