/** Parsed JSON object of a request body; anything else is an empty object, and routes complain about what they miss. */
export function readObject(body: string): Readonly<Record<string, unknown>> | null {
  if (body.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(body);
    if (Array.isArray(value)) return { items: value };
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return null;
  }
}

export function strings(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === "string")
    : [];
}

export function object(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

export function objects(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(object) : [];
}
