import { GatehouseError } from "#core/model/errors.ts";
import type { Publisher } from "#core/ports/publisher.ts";
import type { Log, Meter } from "#core/ports/system.ts";
import type { Deps } from "#flow/deps.ts";
import { createPolicies } from "#flow/policy/policies.ts";
import { createBacktest } from "#flow/what-if/backtest.ts";
import { createExplainer } from "#flow/what-if/explain.ts";
import { openForReading } from "#io/database/store/open-for-reading.ts";
import { systemClock } from "#io/system/clock.ts";
import { useProxies } from "#io/system/proxies.ts";
import { proxiesOfProcess, type AppCredentials, type Settings } from "./env.ts";
import { introduce } from "./introduce.ts";

/** Questions that are answered from GitHub as it is now. */
export interface Live {
  readonly explain: ReturnType<typeof createExplainer>;
  readonly backtest: ReturnType<typeof createBacktest>;
}

/** Asks the living GitHub beside the service's own records, and writes to neither. `isRecordThere`: whether there are such records here. */
export async function askLive<T>(
  settings: Settings,
  app: AppCredentials,
  ask: (live: Live) => Promise<T>,
): Promise<{ readonly answer: T; readonly isRecordThere: boolean }> {
  await useProxies(proxiesOfProcess());
  const { store, isThere, close } = await openForReading({
    url: settings.databaseUrl,
    now: systemClock.now,
  });
  const { publicUrl } = settings.web;
  const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const unmeasured: Meter = { count: () => undefined, observe: () => undefined };
  const refused = (): Promise<never> =>
    Promise.reject(new GatehouseError("unsupported", "a question publishes nothing"));
  const refuse: Publisher = { perform: refused, hasLanded: refused };
  try {
    const deps: Deps = {
      ...introduce({
        settings,
        app,
        store,
        clock: systemClock,
        log: silent,
        meter: unmeasured,
        anchor: null,
        // Only an address that is set is known outside of the service.
        pagesAt: publicUrl === null ? null : () => publicUrl,
      }),
      publisher: refuse,
    };
    const policies = createPolicies(deps);
    return {
      answer: await ask({
        explain: createExplainer(deps, policies),
        backtest: createBacktest(deps, policies),
      }),
      isRecordThere: isThere,
    };
  } finally {
    await close();
  }
}
