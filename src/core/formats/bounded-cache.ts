/** A cache that forgets its oldest entry when full: compiled globs and patterns must not grow with what outsiders make us read. */
export function boundedCache<Value>(
  limit: number,
  make: (key: string) => Value,
): (key: string) => Value {
  const entries = new Map<string, Value>();
  return (key) => {
    const found = entries.get(key);
    if (found !== undefined) return found;
    const made = make(key);
    if (entries.size >= limit) {
      const oldest = entries.keys().next();
      if (oldest.done !== true) entries.delete(oldest.value);
    }
    entries.set(key, made);
    return made;
  };
}
