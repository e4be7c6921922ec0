import { randomUUID } from "node:crypto";
import type { GatehouseError } from "#core/model/errors.ts";
import { type OpenStore, openStore } from "#io/database/store/open-store.ts";
import { issuerOf } from "#io/github/oidc/issuer.ts";
import { urgencyOf, withUrgency } from "#io/github/client/urgency.ts";
import { createTokenVerifier } from "#io/github/oidc/verify-token.ts";
import { createUserGitHub } from "#io/github/user/user-github.ts";
import { createAccess } from "#flow/pages/access.ts";
import { createBell } from "#flow/outside/bell.ts";
import { createGate } from "#flow/outside/gate.ts";
import { createLookout, lookEveryMs } from "#flow/outside/lookout.ts";
import { createPageFlows } from "#flow/pages/page-flows.ts";
import { createSignIn } from "#flow/sign-in/sign-in.ts";
import { instanceName, mayBeAlive } from "#io/system/instance.ts";
import { createLog, withoutRepeating } from "#io/system/log.ts";
import { measureStore } from "#io/system/measure-store.ts";
import { createMeter } from "#io/system/meter.ts";
import { untraced } from "#io/system/tracing/tracing.ts";
import type { Clock } from "#core/ports/system.ts";
import type { Deps } from "#flow/deps.ts";
import { createBackPressure } from "#flow/intake/back-pressure.ts";
import { createInboxDrain } from "#flow/intake/drain-inbox.ts";
import { createMarkBatch } from "#flow/intake/mark-batch.ts";
import { createSharedChanges, noSharedChanges } from "#flow/facts/shared-changes.ts";
import { createOnEvent } from "#flow/intake/on-event.ts";
import { createRouter } from "#flow/intake/route.ts";
import { createJobTable } from "#flow/job-table.ts";
import { createPace, mostCommandsAMinute } from "#flow/jobs/pace.ts";
import { routineItems } from "#flow/jobs/routine-jobs.ts";
import { createWorker } from "#flow/jobs/worker.ts";
import { createPolicies } from "#flow/policy/policies.ts";
import { createCredentialsWatch } from "#flow/sweeps/watch-credentials.ts";
import { createRolloutWatch } from "#flow/rollout/rollout-watch.ts";
import { createRunningWatch } from "#flow/running/watch-running.ts";
import { createTicketKeeper } from "#flow/tickets/open-ticket.ts";
import { createApp, loadApp } from "./app.ts";
import { checkTrustedRoots, openAnchor } from "./check-settings.ts";
import type { AppCredentials, Settings } from "./env.ts";
import { openFront, addressOf, type Front } from "./front.ts";
import { introduce, type Patience } from "./introduce.ts";
import { version } from "./shipped.ts";
import { createAddress } from "./web/http/address.ts";
import { createPages } from "./web/pages.tsx";
import { createSite, type SiteInput } from "./web/site.tsx";
import type { Endpoints } from "./web/server.ts";
import { createWebhookEndpoint } from "./web/webhook-endpoint.ts";

/** A process that serves; `stop` lets running work finish for at most `graceMs`, then releases it. */
export interface RunningProcess {
  readonly url: string;
  readonly stop: (graceMs: number) => Promise<void>;
}

/** Sign-in with the App's client credentials, and what GitHub lets each person read; null without them. */
function peopleOf(
  { web, github: { apiUrl } }: Settings,
  { store, clock }: Pick<Deps, "store" | "clock">,
  { requestTimeoutMs = 10_000 }: Patience,
): SiteInput["people"] {
  if (web.client === null) return null;
  const { id: clientId, secret: clientSecret } = web.client;
  const github = createUserGitHub({
    apiUrl,
    clientId,
    clientSecret,
    timeoutMs: requestTimeoutMs,
    clock,
  });
  return {
    signIn: createSignIn({ sessions: store.sessions, github, clock, clientSecret }),
    access: createAccess(github, clock),
  };
}

/** Starts the gate: store, GitHub, worker and HTTP server, wired together here and nowhere else. `open`: a server that listens already. */
export async function startGatehouse(
  settings: Settings,
  app: AppCredentials,
  patience: Patience = {},
  open: Front | null = null,
): Promise<RunningProcess> {
  const self = instanceName();
  // Loaded only where it is switched on.
  const tracing = settings.tracing
    ? (await import("#io/system/tracing/open-tracing.ts")).openTracing({ version, self })
    : untraced;
  const told = createLog({
    mixin: () => tracing.ids() ?? {},
    level: settings.logLevel,
    secrets: [
      ...app.webhookSecrets,
      app.privateKey,
      ...(settings.web.client === null ? [] : [settings.web.client.secret]),
      ...(settings.anchor?.kind === "http" && settings.anchor.token !== null
        ? [settings.anchor.token]
        : []),
      ...settings.healthSources.flatMap(({ secrets }) => secrets),
    ],
  });
  const meter = createMeter();
  await checkTrustedRoots(settings);
  const anchor = await openAnchor(settings);
  const opened = await openStore({
    url: settings.databaseUrl,
    ...(patience.clock === undefined ? {} : { now: patience.clock.now }),
  });
  const clock: Clock = { now: opened.now };
  const store: OpenStore = {
    ...opened,
    queue: tracing.queue(opened.queue),
    ledger: tracing.ledger(opened.ledger),
  };
  let lost: GatehouseError | null = null;
  // Said once, not by everything that comes upon it.
  const log = withoutRepeating(told, (error) => error === lost);
  store.onLost(
    (error) => {
      lost = error;
      told.error({}, error.message);
    },
    () => {
      lost = null;
      told.info({}, "the database is back; work goes on");
    },
  );
  let port = open?.port ?? settings.port;
  const here = (): string => addressOf(settings, port);
  const address = createAddress({
    publicUrl: settings.web.publicUrl,
    trustedProxies: settings.web.trustedProxies,
    fallback: here,
    log,
  });
  const introduced = introduce({
    settings,
    app,
    store,
    clock,
    log,
    meter,
    anchor,
    patience,
    pagesAt: address.current,
  });
  const deps = {
    ...introduced,
    facts: tracing.facts(introduced.facts),
    publisher: tracing.publisher(introduced.publisher),
  };
  const { facts } = deps;
  const policies = createPolicies(deps);
  const credentials = createCredentialsWatch(deps);
  const tickets = createTicketKeeper(deps, policies);
  const running = createRunningWatch(deps, policies);
  const changes = store.isShared
    ? createSharedChanges(
        store.records,
        (change) => {
          facts.forget(change);
          policies.forget(change);
        },
        randomUUID,
      )
    : noSharedChanges;
  const bell = createBell();
  const pace = createPace(clock, mostCommandsAMinute);
  const onEvent = createOnEvent(
    createRouter(deps, policies, pace),
    tickets,
    running,
    createRolloutWatch(deps, policies),
    changes,
    facts.forget,
  );
  const worker = createWorker(
    deps,
    self,
    createJobTable(
      deps,
      policies,
      tickets,
      running,
      { onEvent, teamsAsked: facts.teamsAsked },
      changes,
      bell.ring,
    ),
    settings.workers,
    credentials.isRefused,
    (lease, work) => tracing.worked(lease, () => withUrgency(urgencyOf(lease.priority), work)),
  );
  const batch = createMarkBatch(store);
  const routing: typeof batch = {
    ...batch,
    mark: (items) => batch.mark(tracing.carried(items)),
  };
  const route = await loadApp(app, createApp(onEvent, routing));
  const dispatch: typeof route = (delivery) => tracing.routed(delivery, () => route(delivery));
  const drain = createInboxDrain(deps, dispatch, batch, worker.wake, self);

  const site = createSite({
    flows: createPageFlows(deps, policies, credentials.state, pace, worker.wake),
    gate: createGate(deps, {
      policies,
      bell,
      lookout: createLookout(
        store.deployments,
        bell,
        store.isShared ? lookEveryMs.shared : lookEveryMs.alone,
      ),
      wake: worker.wake,
      jobs: createTokenVerifier({
        issuer: issuerOf(settings.github.webUrl),
        audience: () => settings.web.publicUrl ?? here(),
        now: () => clock.now() + deps.github.clockAhead(),
        timeoutMs: patience.requestTimeoutMs ?? 10_000,
      }),
    }),
    views: store.views,
    tokens: store.tokens,
    records: store.records,
    address,
    people: peopleOf(settings, deps, patience),
    clock,
    log,
  });

  let ready = true;
  const endpoints: Endpoints = {
    webhook: createWebhookEndpoint({
      secrets: app.webhookSecrets,
      inbox: {
        ...store.inbox,
        put: (delivery) => tracing.delivered(delivery, () => store.inbox.put(delivery)),
      },
      isTooMuch: createBackPressure(store.inbox, { clock, log }),
      clock,
      log,
      meter,
      onStored: () => void drain.run(),
    }),
    pages: createPages({
      version,
      store,
      isReady: () => ready,
      metricsToken: settings.metricsToken,
      credentials: credentials.state,
      github: () => (deps.github.outages().length === 0 ? "ok" : "in trouble"),
      site: site.app,
      metrics: async (everything) => {
        await measureStore(store, meter, clock.now());
        return meter.render(everything);
      },
    }),
  };

  await store.join({
    self,
    mayBeAlive: (owner) => mayBeAlive(owner, self),
    onWork: worker.wake,
    onFreed: (count) =>
      log.warn({ released: count }, "another process has ended; its work is taken over"),
  });
  await store.queue.mark(routineItems(clock.now()));
  const front = open ?? (await openFront(settings, endpoints));
  front.serve(endpoints);
  const { server } = front;
  port = front.port;
  // Before any work: that GitHub refuses us is said once, and not by each piece of work.
  void credentials.state();
  patience.clock?.onMove?.(worker.wake);
  worker.start();
  drain.start();
  const url = `http://${settings.host}:${port}`;
  log.info(
    { url, version, database: settings.databaseUrl.split(":", 1)[0] },
    "gatehouse is listening",
  );

  return {
    url,
    stop: async (graceMs) => {
      ready = false;
      site.stop();
      bell.silence();
      log.info({ running: worker.running() }, "stopping");
      const closed = new Promise<void>((resolve) => {
        // Callers that were held are answered now, and their connections are idle only then.
        const idle = setInterval(() => server.closeIdleConnections(), 50);
        server.close(() => {
          clearInterval(idle);
          resolve();
        });
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), Math.min(2000, graceMs)).unref();
      });
      // All at once: a slow sender must not take the time in which running work is finished or given back.
      await Promise.all([closed, drain.stop(), worker.stop(graceMs)]);
      await store.close();
      await tracing.close();
      log.info({}, "stopped");
    },
  };
}
