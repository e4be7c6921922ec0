import type { AuditAnchor } from "#core/ports/audit.ts";
import type { Store } from "#core/ports/store.ts";
import type { Clock, Log, Meter } from "#core/ports/system.ts";
import type { Deps } from "#flow/deps.ts";
import { createGitHub } from "#io/github/client/client.ts";
import { createFactReader, type ListeningFactReader } from "#io/github/facts/fact-reader.ts";
import { createPublisher } from "#io/github/publish/publisher.ts";
import { createGitHubReader } from "#io/github/read/reader.ts";
import { createHealthSources } from "#io/health/health-sources.ts";
import type { AppCredentials, Settings } from "./env.ts";
import { readPresets } from "./shipped.ts";

/** How patient Gatehouse is; what is left out is as in production. */
export interface Patience {
  /** Longest wait for one answer of GitHub, ms. */
  readonly requestTimeoutMs?: number;
  /** Another clock than the machine's: a gate whose time is moved. */
  readonly clock?: MovableClock;
}

/** A clock that can jump; without `onMove` the worker notices a jump when it looks at the queue next. */
export interface MovableClock extends Clock {
  readonly onMove?: (listener: () => void) => void;
}

interface Introduced {
  readonly settings: Settings;
  readonly app: AppCredentials;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly anchor: AuditAnchor | null;
  readonly patience?: Patience;
  /** Root of links to our pages; null: there are none to link to. */
  readonly pagesAt: (() => string) | null;
}

/** GitHub and the store behind the ports that the flows know. */
export function introduce({
  settings,
  app,
  store,
  clock,
  log,
  meter,
  anchor,
  patience = {},
  pagesAt,
}: Introduced): Deps & { readonly facts: ListeningFactReader } {
  const github = createGitHub({
    appId: app.appId,
    privateKey: app.privateKey,
    baseUrl: settings.github.apiUrl,
    clock,
    log,
    meter,
    limits: settings.github.limits,
    timeoutMs: patience.requestTimeoutMs ?? 10_000,
  });
  const health = createHealthSources(settings.healthSources, {
    clock,
    log,
    meter,
    timeoutMs: patience.requestTimeoutMs ?? 10_000,
  });
  return {
    store,
    health,
    github: createGitHubReader(github, clock),
    facts: createFactReader(github, {
      clock,
      log,
      store,
      signing: { trustedRoots: settings.trustedRoots, server: settings.github.webUrl },
      health,
    }),
    publisher: createPublisher(github, pagesAt),
    clock,
    startedAt: clock.now(),
    log,
    meter,
    appId: app.appId,
    presets: readPresets(),
    webUrl: settings.github.webUrl,
    pagesAt,
    anchor,
    keepInputsMs: settings.keepInputsDays * 24 * 3_600_000,
  };
}
