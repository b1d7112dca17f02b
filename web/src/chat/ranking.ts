/** How well a name fits a few letters: 0 not at all; beginnings count most, then beginnings of words, then the rest. */

export function rank(name: string, sought: string): number {
  const text = fold(name);
  const words = fold(sought);
  if (!words) return 1;
  if (text.startsWith(words)) return 100 - text.length / 100;
  const at = text.indexOf(words);
  if (at > 0) return (/[\s._@-]/.test(text[at - 1]!) ? 80 : 50) - text.length / 100;
  return inOrder(text, words) ? 20 - text.length / 100 : 0;
}

/** Without case and accents, so that "cafe" finds "Café". */
function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}

function inOrder(text: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
