import { compileSchedule } from "#core/calendar/compile.ts";
import { freezeAt } from "#core/calendar/freeze.ts";
import { freezesInForce } from "#core/deployments/freezes-in-force.ts";
import { boundedCache } from "#core/formats/bounded-cache.ts";
import type { Act } from "#core/model/act.ts";
import { mergedInOrder } from "#core/model/comment-order.ts";
import { organizationRepository } from "#core/policy/files.ts";
import { validatePolicy, type ParsedPolicy } from "#core/policy/validate.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";
import type { Viewer } from "./viewer.ts";

/** A freeze that is on, or to come. Instants are epoch ms. */
export interface FreezeView {
  /** `owner/name`, or `owner/*` for the organisation's policy. */
  readonly where: string;
  readonly name: string;
  readonly environment: string;
  readonly isOn: boolean;
  /** When it begins or began; null: not told. */
  readonly from: number | null;
  /** null: until it is lifted. */
  readonly until: number | null;
  readonly reason: string;
  /** null: the policy. */
  readonly by: string | null;
}

/** Freezes that begin later than this are not listed yet. */
const aheadMs = 60 * 24 * 3_600_000;

/** Parsed once a text: a dashboard must not read YAML each time. */
const parsedPolicy = boundedCache<{ readonly policy: ParsedPolicy | null }>(50, (text) => ({
  policy: validatePolicy(text).policy ?? null,
}));

/** Freezes that an organisation's policy says, by its own text alone: calendars in files are for the environment's page. */
function ofPolicy(
  owner: string,
  text: string,
  now: number,
  viewer: Pick<Viewer, "seesOf">,
): readonly FreezeView[] {
  const { policy } = parsedPolicy(text);
  const written = policy?.policy.freezes ?? [];
  if (policy === null || written.length === 0) return [];
  const { schedule } = compileSchedule(
    { windows: {}, calendars: policy.policy.calendars ?? {}, freezes: written },
    { file: () => ({ unreadable: "is read where it is needed" }) },
  );
  return written.flatMap((freeze) => {
    const environments = viewer.seesOf(freeze.environments);
    if (environments === "none") return [];
    const answer = freezeAt(schedule, freeze.name, now);
    if (answer.enforcement !== "active" || answer.on === "unknown") return [];
    const next = answer.nextChange;
    if (!answer.on && (next === undefined || next - now > aheadMs)) return [];
    return [
      {
        where: `${owner}/*`,
        name: freeze.name,
        environment: environments === "every" ? "every environment" : environments.join(", "),
        isOn: answer.on,
        from: answer.on ? null : (next ?? null),
        until: answer.on ? (next ?? null) : null,
        reason: freeze.reason ?? "",
        by: null,
      },
    ];
  });
}

/** GitHub's clock and ours may differ by so much. */
const clocksDifferMs = 3_600_000;

/** Freezes that did not run out, and what was said to lift them: years of freezes that are over are not read. */
async function freezeActs(
  { acts }: Pick<Deps["store"], "acts">,
  now: number,
): Promise<readonly Act[]> {
  const freezes = await acts.find({ kinds: ["freeze"], expiresAfter: now });
  if (freezes.length === 0) return [];
  const first = freezes.reduce(
    (least, { at, said }) => Math.min(least, at, said?.at ?? at),
    Number.POSITIVE_INFINITY,
  );
  const lifts = await acts.find({ kinds: ["unfreeze"], since: first - clocksDifferMs });
  return mergedInOrder(freezes, lifts);
}

/** Freezes now and next that the viewer may read of: people's in every repository, and the organisations'. */
export async function listFreezes(
  { store, clock }: Pick<Deps, "store" | "clock">,
  viewer: Viewer,
): Promise<readonly FreezeView[]> {
  const now = clock.now();
  const { records } = store;
  const mayRead = await viewer.readable();
  const acts = await freezeActs(store, now);
  const byRepository = new Map<number, Act[]>();
  for (const act of acts)
    byRepository.set(act.repository, [...(byRepository.get(act.repository) ?? []), act]);
  const found: FreezeView[] = [];
  for (const [id, own] of byRepository) {
    const inForce = freezesInForce(own, now);
    const repository: RepositoryRecord | null =
      inForce.length === 0 ? null : await records.repository(id);
    if (repository === null || !repository.active || !mayRead(repository)) continue;
    for (const freeze of inForce)
      if (viewer.seesOf([freeze.environment]) !== "none")
        found.push({
          where: `${repository.owner}/${repository.name}`,
          name: freeze.name,
          environment: freeze.environment,
          isOn: freeze.from <= now,
          from: freeze.from,
          until: freeze.until,
          reason: freeze.reason,
          by: freeze.by.login,
        });
  }
  for (const above of await store.views.repositoriesNamed(organizationRepository)) {
    if (!mayRead(above)) continue;
    const text = (await records.policy(above.id))?.text ?? null;
    if (text !== null) found.push(...ofPolicy(above.owner, text, now, viewer));
  }
  return found.toSorted((a, b) => Number(b.isOn) - Number(a.isOn) || (a.from ?? 0) - (b.from ?? 0));
}
