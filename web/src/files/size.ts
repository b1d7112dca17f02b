/** How large a file is, for people. */

const UNITS = ["bytes", "kB", "MB", "GB", "TB"] as const;

export function sizeWords(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && size < 9.95 ? 1 : 0;
  return `${size.toFixed(digits)} ${bytes === 1 ? "byte" : UNITS[unit]}`;
}

const KINDS: Record<string, string> = {
  "application/pdf": "PDF",
  "application/octet-stream": "File",
  "text/plain": "Text",
  "application/zip": "ZIP",
};

/** What a file is, by what the server found in it. */
export function kindWords(type: string): string {
  return KINDS[type] ?? (type.split("/")[1] ?? type).replace(/^(x-|vnd\.)/, "").toUpperCase();
}
