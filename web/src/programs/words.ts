/** What is wrong with what somebody wrote into a form about programs. */
import type { Submission } from "../ui/form";

const NAME = "Use 1 to 64 characters on one line, without spaces at the ends.";
const WORDS: Record<string, string> = {
  name: NAME,
  url: "Use an address of the internet that begins with https:// or http://.",
  events: "Choose at least one.",
  triggers: "Use up to 20 words of at most 40 characters.",
  scopes: "Choose at least one.",
  hint: "Use at most 100 characters on one line.",
  description: "Use at most 100 characters on one line.",
};
const INSIDE = "Not an address of the internet";

/** Words of `others` come before the usual ones. */
export function wrongIn({ fault }: Submission, field: string, others: Record<string, string> = {}): string | undefined {
  const why = fault?.fields[field] ?? fault?.fields[`${field}[...]`];
  if (why === undefined) return undefined;
  if (why === INSIDE) return "This address is inside of the server’s own network, which is not called.";
  return others[field] ?? WORDS[field] ?? why;
}
