import type { Context } from "hono";
import { decisionPath } from "#core/record/decision-address.ts";
import { environmentPath, repositoryPath } from "#core/record/repository-address.ts";
import type { RolloutRingView, RolloutView } from "#flow/pages/rollout.ts";
import type { PageEnv } from "../http/environment.ts";
import { page } from "../layout/page.tsx";
import { Ago, Label, Time, Words } from "../layout/parts.tsx";

/** The look of a label by the state of a ring. */
const looks: Readonly<Record<RolloutRingView["state"], string>> = {
  ahead: "skipped",
  waits: "wait",
  goes: "wait",
  bakes: "wait",
  done: "pass",
  failed: "fail",
  unhealthy: "fail",
  rejected: "fail",
  replaced: "skipped",
  rolled_back: "skipped",
  unproven: "unknown",
};

const words: Readonly<Record<RolloutRingView["state"], string>> = {
  ahead: "Ahead",
  waits: "Held",
  goes: "Under way",
  bakes: "Bakes",
  done: "✓ Proven",
  failed: "✗ Failed",
  unhealthy: "✗ Unhealthy",
  rejected: "✗ Rejected",
  replaced: "Replaced",
  rolled_back: "Rolled back",
  unproven: "? Unproven",
};

const Ring = ({
  ring,
  repository,
  now,
}: {
  readonly ring: RolloutRingView;
  readonly repository: string;
  readonly now: number;
}) => (
  <li>
    <h3>
      <a href={environmentPath(repository, ring.environment)}>{ring.environment}</a>{" "}
      <Label of={looks[ring.state]} word={words[ring.state]} />
    </h3>
    <p>
      {ring.says}
      {ring.since === null ? null : (
        <>
          , since <Time at={ring.since} />
        </>
      )}
      {ring.decision === null ? null : (
        <>
          {" "}
          (<a href={decisionPath(ring.decision)}>the gate's decision</a>)
        </>
      )}
    </p>
    {ring.bakesUntil === null || ring.bakesUntil <= now ? null : (
      <p>
        Baked <Ago at={ring.bakesUntil} now={now} />
      </p>
    )}
    {ring.closedBy === null ? null : <p class="note bad">Closed: {ring.closedBy}.</p>}
    {ring.letThrough.map((text) => (
      <p class="note care">{text}</p>
    ))}
    {ring.next.map((text) => (
      <p>
        <Words of={text} />
      </p>
    ))}
  </li>
);

/** `/<owner>/<repo>/rollouts/<sha>`. */
export function rolloutPage(
  c: Context<PageEnv>,
  view: RolloutView,
  now: number,
): Response | Promise<Response> {
  return page(
    c,
    { title: `Rollout of ${view.sha.slice(0, 7)} of ${view.repository}`, live: view.repository },
    <>
      <p class="small">
        <a href={repositoryPath(view.repository)}>{view.repository}</a>
        {view.pullRequest === null ? null : `, #${view.pullRequest}`}
      </p>
      {view.rollouts.map(({ title, rings }, index) => (
        <>
          {index === 0 ? <h1>{title}</h1> : <h2>{title}</h2>}
          <h2>Rings</h2>
          <ol class="list">
            {rings.map((ring) => (
              <Ring ring={ring} repository={view.repository} now={now} />
            ))}
          </ol>
        </>
      ))}
    </>,
  );
}
