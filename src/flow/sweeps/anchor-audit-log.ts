import type { Deps } from "#flow/deps.ts";
import type { Outcome } from "#flow/jobs/outcome.ts";

const everyMs = 60 * 60_000;
const againMs = 5 * 60_000;

/** Notes the audit log's head outside the database, so that anybody who rewrites the log is found out. */
export async function anchorAuditLog({
  store,
  anchor,
  clock,
  log,
  meter,
}: Pick<Deps, "store" | "anchor" | "clock" | "log" | "meter">): Promise<Outcome> {
  const at = clock.now();
  // Another process over this database may have been told of a place.
  if (anchor === null) return { kind: "done", wakeAt: at + everyMs };
  const head = await store.audit.head();
  try {
    // Nothing is recorded yet: there is nothing that could be rewritten.
    if (head.seq > 0) await anchor.note({ ...head, at });
    meter.count("sweeps_total", { sweep: "anchor", outcome: "done" });
    return { kind: "done", wakeAt: at + everyMs };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    meter.count("sweeps_total", { sweep: "anchor", outcome: "failed" });
    log.error(
      { record: head.seq, reason },
      "the audit log's head could not be noted; tried again in five minutes",
    );
    return { kind: "again", at: at + againMs, reason };
  }
}
