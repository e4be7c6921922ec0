import type { Inbox } from "#core/ports/inbox.ts";
import type { Clock, Log } from "#core/ports/system.ts";

/** Whether a delivery is turned away for now; GitHub records it as failed, and it is asked for again. */
export type BackPressure = (event: string) => boolean;

export interface BackPressureLimits {
  /** With so many stored and not yet routed, what comes in masses is turned away. */
  readonly yielding: number;
  /** And with so many everything is. */
  readonly all: number;
}

export const backPressureLimits: BackPressureLimits = { yielding: 10_000, all: 20_000 };

/** What comes in masses, and changes nothing that the next event or sweep would not show too. */
const inMasses = new Set(["check_run", "check_suite", "status", "workflow_run", "push", "label"]);

const lookEveryMs = 1_000;

type Level = "none" | "yielding" | "all";

/**
 * Keeps what waits to be routed within bounds: better a delivery that GitHub knows to have failed than a database that
 * fills up. Deployments' questions and what people do are turned away last. No delivery waits for the look at the database.
 */
export function createBackPressure(
  inbox: Pick<Inbox, "backlog">,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  limits: BackPressureLimits = backPressureLimits,
): BackPressure {
  let level: Level = "none";
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking = false;

  function levelAt(backlog: number): Level {
    // What began ends at half of where it began: it is not to flicker.
    if (backlog >= limits.all || (level === "all" && backlog > limits.all / 2)) return "all";
    if (backlog >= limits.yielding || (level !== "none" && backlog > limits.yielding / 2))
      return "yielding";
    return "none";
  }

  async function look(): Promise<void> {
    const backlog = await inbox.backlog(limits.all);
    const next = levelAt(backlog);
    if (next === level) return;
    const was = level;
    level = next;
    if (level === "none") log.info({ backlog }, "all deliveries are taken again");
    else if (was !== "all")
      log.warn(
        { backlog, refused: level === "all" ? "all" : [...inMasses] },
        "too many deliveries wait to be routed: some are refused with 503, and asked for again later",
      );
  }

  return (event) => {
    const age = clock.now() - lookedAt;
    if (!looking && (age >= lookEveryMs || age < 0)) {
      looking = true;
      lookedAt = clock.now();
      // A database that does not answer is told by the delivery that cannot be stored.
      void look()
        .catch(() => undefined)
        .finally(() => {
          looking = false;
        });
    }
    return level === "all" || (level === "yielding" && inMasses.has(event));
  };
}
