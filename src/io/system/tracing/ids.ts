import { createHash, randomBytes } from "node:crypto";

const traceShape = /^(?!0{32})[0-9a-f]{32}$/;

/** GitHub's GUID of a delivery is the trace: what its page "Recent deliveries" shows is what one looks for. */
export function traceIdOf(guid: string): string {
  const id = guid.replaceAll("-", "").toLowerCase();
  return traceShape.test(id) ? id : createHash("sha256").update(guid).digest("hex").slice(0, 32);
}

/** The span of a delivery, known also to the process that routes it later. */
export const deliverySpanOf = (guid: string): string =>
  createHash("sha256").update(`delivery ${guid}`).digest("hex").slice(0, 16);

/** Makes ids as OpenTelemetry asks for them: at random, but for the one that was ordered. */
export class OrderedIds {
  #ordered: { readonly trace: string; readonly span: string } | undefined;

  /** Whatever span begins in `begin` gets these. */
  order<T>(ids: { readonly trace: string; readonly span: string }, begin: () => T): T {
    this.#ordered = ids;
    try {
      return begin();
    } finally {
      this.#ordered = undefined;
    }
  }

  readonly generateTraceId = (): string => this.#ordered?.trace ?? randomBytes(16).toString("hex");
  readonly generateSpanId = (): string => this.#ordered?.span ?? randomBytes(8).toString("hex");
}
