import type { AuditAnchor } from "#core/ports/audit.ts";
import type { FactReader } from "#core/ports/facts.ts";
import type { GitHubReader } from "#core/ports/github.ts";
import type { HealthSources } from "#core/ports/health.ts";
import type { Publisher } from "#core/ports/publisher.ts";
import type { Store } from "#core/ports/store.ts";
import type { Clock, Log, Meter } from "#core/ports/system.ts";

/** Everything a use case may use, behind ports. introduce.ts fills it. */
export interface Deps {
  readonly store: Store;
  readonly github: GitHubReader;
  readonly health: HealthSources;
  readonly facts: FactReader;
  readonly publisher: Publisher;
  readonly clock: Clock;
  /** When this process began: the store may have been restored from a backup before, so earlier answers may be missing in it. */
  readonly startedAt: number;
  readonly log: Log;
  readonly meter: Meter;
  /** Our App's id, by which our own check runs and comments are recognised. */
  readonly appId: number;
  /** Presets by name, as the files in policies/ say them. */
  readonly presets: ReadonlyMap<string, string>;
  /** Where the audit log's head is noted; null: nowhere. */
  readonly anchor: AuditAnchor | null;
  /** How long what decisions were made of is kept, ms. */
  readonly keepInputsMs: number;
  /** github.com or the server's root, for links. */
  readonly webUrl: string;
  /** Root of links to our pages; null: there are none to link to. */
  readonly pagesAt: (() => string) | null;
}
