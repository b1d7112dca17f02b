/** The one place where an address becomes a script that runs: the Trusted Types policy `chalkline`. */

interface Policy {
  createScriptURL(url: string): unknown;
}

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy;
}

let policy: Policy | null = null;

/** Only of our own origin. Throws for any other. */
export function scriptUrl(url: string): string {
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
  if (!factory) return ownUrl(url);
  policy ??= factory.createPolicy("chalkline", { createScriptURL: ownUrl });
  return policy.createScriptURL(url) as string;
}

function ownUrl(url: string): string {
  const whole = new URL(url, location.href);
  if (whole.origin !== location.origin) throw new TypeError("a script of another origin");
  return whole.href;
}
