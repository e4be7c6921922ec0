/** What stands where a secret stood. */
const redacted = "[redacted]";

/** Secrets by their looks, wherever they stand in a text; `gho_…` and its like are GitHub's documented token prefixes. */
const secretShapes: readonly RegExp[] = [
  // To the end of the text where the END line was cut off.
  /-----BEGIN [A-Z0-9 ]{1,40}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,40}-----|$)/g,
  // The same in base64, as keys travel in environment variables.
  /LS0tLS1CRUdJTi[A-Za-z0-9+/=_-]*/g,
  /gh[pousr]_[A-Za-z0-9_.-]{16,}/g,
  /github_pat_[A-Za-z0-9_]{16,}/g,
  /v1\.[0-9a-f]{40}/g,
  /eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
  /(?<=\b(?:bearer|basic|token) )[A-Za-z0-9._~+/=-]{16,}/gi,
  // user:password@ in a URL.
  /(?<=:\/\/)[^\s/:@"]{0,200}:[^\s/@"]{1,200}(?=@)/g,
  /(?<=[?&](?:access_token|token|client_secret|secret|key|sig|signature)=)[^\s&"'#]+/gi,
];

/** A text without what looks like a secret, and without these very secrets. */
export function redactText(text: string, secrets: readonly string[] = []): string {
  let result = text;
  // Known secrets first: a shape may match only a part of one.
  for (const secret of secrets) result = result.replaceAll(secret, redacted);
  for (const shape of secretShapes) result = result.replace(shape, redacted);
  return result;
}

/** Names whose values are never written, whatever they look like. */
const secretNames =
  /token|secret|passw|authorization|cookie|credential|signature|private.?key|api.?key|^key$|^jwt$|^pem$|^body$|^payload$|^headers?$/i;

const deepest = 6;
const longestList = 100;
const longestText = 4000;

/** Log fields without secrets, bodies and endless values. Errors become name, code, message, stack and cause: what hangs on them otherwise may be a request with its headers. */
export function redactFields(
  fields: Readonly<Record<string, unknown>>,
  secrets: readonly string[] = [],
): Record<string, unknown> {
  const seen = new Set<object>();

  function value(item: unknown, depth: number): unknown {
    if (typeof item === "string") return short(redactText(item, secrets));
    if (typeof item === "bigint") return item.toString();
    if (typeof item === "function" || typeof item === "symbol") return undefined;
    if (item === null || typeof item !== "object") return item;
    if (seen.has(item)) return "[again]";
    if (depth >= deepest) return "[deep]";
    seen.add(item);
    try {
      return object(item, depth);
    } finally {
      seen.delete(item);
    }
  }

  function object(item: object, depth: number): unknown {
    if (item instanceof Error) return error(item, depth);
    if (item instanceof Date)
      return Number.isNaN(item.getTime()) ? "invalid date" : item.toISOString();
    if (ArrayBuffer.isView(item)) return `[${item.byteLength} bytes]`;
    if (item instanceof Map || item instanceof Set) return value([...item], depth);
    if (Array.isArray(item)) {
      const kept = item.slice(0, longestList).map((member) => value(member, depth + 1));
      return item.length > longestList ? [...kept, `[${item.length - longestList} more]`] : kept;
    }
    return members(item, depth);
  }

  function members(item: object, depth: number): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(item).slice(0, longestList)) {
      // A number or a yes/no under such a name (`tokens: 3`, `secret: true`) tells nothing and is worth reading.
      const isTelling =
        typeof member === "string" || (typeof member === "object" && member !== null);
      result[redactText(name, secrets)] =
        isTelling && secretNames.test(name) ? redacted : value(member, depth + 1);
    }
    return result;
  }

  function error(item: Error, depth: number): Record<string, unknown> {
    const code =
      "code" in item && (typeof item.code === "string" || typeof item.code === "number")
        ? { code: item.code }
        : {};
    const status =
      "status" in item && typeof item.status === "number" ? { status: item.status } : {};
    return {
      type: item.name,
      ...code,
      ...status,
      message: value(item.message, depth),
      ...(item.stack === undefined ? {} : { stack: value(item.stack, depth) }),
      ...(item.cause === undefined ? {} : { cause: value(item.cause, depth + 1) }),
    };
  }

  return members(fields, 0);
}

const short = (text: string): string =>
  text.length <= longestText
    ? text
    : `${text.slice(0, longestText)}… [${text.length - longestText} more characters]`;
