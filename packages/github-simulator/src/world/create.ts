import { createObjectStore } from "../git/objects.ts";
import { createOutbox } from "../webhooks/outbox.ts";
import { addAccount } from "./accounts.ts";
import type { World } from "./world.ts";

export interface WorldOptions {
  readonly appId: number;
  readonly appSlug: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly events: readonly string[];
  readonly publicKeyPem: string | null;
  readonly webhookUrl: string | null;
  readonly webhookSecret: string;
  readonly tokenLifetimeMs: number;
  readonly now: () => number;
  readonly seed: number;
}

/** GitHub Actions has this id on github.com; policies and products pin it. */
export const githubActionsAppId = 15368;

export function addApp(
  world: World,
  input: {
    id: number;
    slug: string;
    name: string;
    permissions: Readonly<Record<string, string>>;
    events: readonly string[];
    botId?: number;
  },
): void {
  const bot = addAccount(world, {
    login: `${input.slug}[bot]`,
    type: "Bot",
    appId: input.id,
    ...(input.botId === undefined ? {} : { id: input.botId }),
  });
  const owner =
    world.accountsByLogin.get("github") ??
    addAccount(world, { login: "github", type: "Organization" });
  world.apps.set(input.id, {
    id: input.id,
    slug: input.slug,
    name: input.name,
    ownerId: owner.id,
    botId: bot.id,
    permissions: { ...input.permissions },
    events: [...input.events],
    createdAt: world.now(),
  });
}

export function createWorld(options: WorldOptions): World {
  let lastId = 1000;
  const world: World = {
    now: options.now,
    nextId: () => ++lastId,
    accounts: new Map(),
    accountsByLogin: new Map(),
    accountsByEmail: new Map(),
    teams: new Map(),
    repos: new Map(),
    repoNames: new Map(),
    apps: new Map(),
    installations: new Map(),
    tokens: new Map(),
    manifests: new Map(),
    waitingGates: new Map(),
    git: createObjectStore(),
    outbox: createOutbox({
      url: options.webhookUrl,
      secret: options.webhookSecret,
      hookId: options.appId,
      seed: options.seed,
    }),
    appId: options.appId,
    publicKeyPem: options.publicKeyPem,
    tokenLifetimeMs: options.tokenLifetimeMs,
    origin: "",
    quota: { limit: null, remaining: 0, resetAt: 0 },
  };
  addApp(world, {
    id: githubActionsAppId,
    slug: "github-actions",
    name: "GitHub Actions",
    permissions: { actions: "write", checks: "write" },
    events: [],
    botId: 41898282,
  });
  addApp(world, {
    id: options.appId,
    slug: options.appSlug,
    name: options.appSlug,
    permissions: options.permissions,
    events: options.events,
  });
  return world;
}
