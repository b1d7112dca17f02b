/** Which addresses a message may lead to: these schemes and no other. */

const SCHEMES = new Set(["http:", "https:", "mailto:"]);

/** The address in its normal form, or null where it leads elsewhere than to the web or a mail. */
export function safeAddress(address: string): string | null {
  if (!/^[a-z]+:/i.test(address)) return null;
  try {
    const url = new URL(address);
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

const TRAILING = new Set([...".,:;!?'\"*_~`"]);

/** Where a bare address ends: without the punctuation of its sentence, and without a bracket it didn't open. */
export function addressEnd(text: string, start: number, limit: number): number {
  let opened = 0;
  let closed = 0;
  for (let index = start; index < limit; index++) {
    if (text[index] === "(") opened++;
    else if (text[index] === ")") closed++;
  }
  let end = limit;
  while (end > start) {
    const last = text[end - 1]!;
    if (last === ")" && closed > opened) closed--;
    else if (!TRAILING.has(last) && last !== "]") break;
    end--;
  }
  return end;
}
