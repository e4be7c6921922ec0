import { GatehouseError } from "#core/model/errors.ts";
import type { FactResult } from "#core/model/fact.ts";

/** The value of a fact without which nothing can go on; throws the reader's own reason where it was not read. */
export function valueOf<Value>(result: FactResult<Value> | undefined, unread: string): Value {
  if (result?.ok === true) return result.value;
  throw new GatehouseError(result?.code ?? "unavailable", result?.message ?? unread, {
    retryAt: result?.retryAt,
  });
}

/** The same for the subject itself: what GitHub does not find is gone. */
export function subjectValueOf<Value>(
  result: FactResult<Value> | undefined,
  unread: string,
): Value {
  return valueOf(
    result?.ok === false && result.code === "not_found" ? { ...result, code: "gone" } : result,
    unread,
  );
}
