import { pino, type DestinationStream } from "pino";
import type { Log } from "#core/ports/system.ts";
import { redactFields, redactText } from "./redact.ts";

export interface LogOptions {
  readonly level?: "debug" | "info" | "warn" | "error" | "silent";
  /** Literal values that must never be written: webhook secrets, the private key. */
  readonly secrets?: readonly string[];
  /** What every line carries beside its own: where it belongs in a trace. */
  readonly mixin?: (() => object) | undefined;
  /** Standard output where left out. */
  readonly destination?: DestinationStream;
}

/** A secret shorter than this would blot out ordinary words. */
const shortestSecret = 8;

/** JSON lines on standard output. Redaction happens here, on whatever is handed in, so that no caller has to think of it. */
export function createLog(options: LogOptions = {}): Log {
  const secrets = (options.secrets ?? []).filter((secret) => secret.length >= shortestSecret);
  const settings = {
    level: options.level ?? "info",
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    // Errors are plain data by then: pino's own serializer would take them apart again.
    serializers: { err: (error: unknown) => error },
    messageKey: "msg",
    ...(options.mixin === undefined ? {} : { mixin: options.mixin }),
  };
  // Written at once: a line that waits in memory is lost when the process is killed.
  const out = pino(settings, options.destination ?? pino.destination({ dest: 1, sync: true }));
  const fieldsOf = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> => {
    try {
      return redactFields(fields, secrets);
    } catch {
      // A getter or proxy that throws must not make logging the reason why work fails.
      return { unreadable: true };
    }
  };
  return {
    info: (fields, message) => out.info(fieldsOf(fields), redactText(message, secrets)),
    warn: (fields, message) => out.warn(fieldsOf(fields), redactText(message, secrets)),
    error: (fields, message) => out.error(fieldsOf(fields), redactText(message, secrets)),
  };
}

/** A log that leaves out lines about an error that has been said. */
export function withoutRepeating(log: Log, isSaid: (error: unknown) => boolean): Log {
  const unless =
    (say: Log["info"]): Log["info"] =>
    (fields, message) => {
      const { err } = fields;
      if (err === undefined || !isSaid(err)) say(fields, message);
    };
  return { info: unless(log.info), warn: unless(log.warn), error: unless(log.error) };
}
