/** One of each, made when it is first asked for. */

export function kept<Key, T extends object>(
  known: { get(key: Key): T | undefined; set(key: Key, made: T): unknown },
  key: Key,
  make: () => T,
): T {
  const one = known.get(key);
  if (one) return one;
  const made = make();
  known.set(key, made);
  return made;
}
