/** What was found, cut at the signs that the server puts around it: U+E000 begins what matched, U+E001 ends it. */

export interface Piece {
  readonly text: string;
  readonly isFound: boolean;
}

export function pieces(highlight: string): Piece[] {
  const found: Piece[] = [];
  let isFound = false;
  for (const part of highlight.split(/([\ue000\ue001])/)) {
    if (part === "\ue000") isFound = true;
    else if (part === "\ue001") isFound = false;
    else if (part) found.push({ text: part, isFound });
  }
  return found;
}
