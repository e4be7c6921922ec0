import type { Context } from "hono";
import type { DecisionView, OverrideView, RuleView } from "#flow/pages/decision.ts";
import { decisionPath } from "#core/record/decision-address.ts";
import { environmentPath, repositoryPath } from "#core/record/repository-address.ts";
import type { PageEnv } from "../http/environment.ts";
import { page } from "../layout/page.tsx";
import { Ago, Label, OutLink, Time, Words } from "../layout/parts.tsx";
import { PolicyExcerpt } from "./policy-excerpt.tsx";
import { Timeline } from "./timeline.tsx";

const Rule = ({ rule, now }: { readonly rule: RuleView; readonly now: number }) => (
  <li>
    <h3>
      <Label of={rule.verdict} /> {rule.name}
      {rule.enforcement === "evaluate" ? <span class="muted"> (evaluate only)</span> : null}
      {rule.source === "organization" ? <span class="muted"> (organisation)</span> : null}
    </h3>
    {rule.description === "" ? null : <p>{rule.description}</p>}
    {rule.found === "" && rule.required === "" ? null : (
      <dl>
        <dt>Found</dt>
        <dd>
          <Words of={rule.found} />
        </dd>
        <dt>Required</dt>
        <dd>
          <Words of={rule.required} />
        </dd>
        {rule.next === "" ? null : (
          <>
            <dt>Next</dt>
            <dd>
              <Words of={rule.next} />
            </dd>
          </>
        )}
        {rule.changesAt === null ? null : (
          <>
            <dt>May change</dt>
            <dd>
              <Ago at={rule.changesAt} now={now} />
            </dd>
          </>
        )}
        {rule.evidence.length === 0 ? null : (
          <>
            <dt>Evidence</dt>
            <dd>
              <ul>
                {rule.evidence.slice(0, 50).map(({ label, url, sha }) => (
                  <li>
                    <OutLink url={url}>{label}</OutLink>
                    {sha === undefined ? null : (
                      <>
                        {" "}
                        at <code>{sha.slice(0, 7)}</code>
                      </>
                    )}
                  </li>
                ))}
                {rule.evidence.length > 50 ? <li>and {rule.evidence.length - 50} more</li> : null}
              </ul>
            </dd>
          </>
        )}
      </dl>
    )}
    {rule.warnings.map((warning) => (
      <p class="small">⚠ {warning}</p>
    ))}
    {rule.lines === null ? null : <PolicyExcerpt lines={rule.lines} />}
  </li>
);

const Override = ({ override, now }: { readonly override: OverrideView; readonly now: number }) => (
  <li>
    <h3>{override.name}</h3>
    <p>{override.reason}</p>
    <p class="small muted">
      by @{override.by}
      {override.confirmedBy.length === 0
        ? null
        : `, confirmed by ${override.confirmedBy.map((login) => `@${login}`).join(", ")}`}
      , for {override.rules.join(", ")}; granted <Time at={override.grantedAt} />, ends{" "}
      <Ago at={override.expiresAt} now={now} />
    </p>
  </li>
);

/** What would turn it, and when. */
const Changes = ({ view, now }: { readonly view: DecisionView; readonly now: number }) => {
  const steps = view.rules.filter(({ isUnmet, next }) => isUnmet && next !== "");
  if (steps.length === 0 && view.changesAt === null) return null;
  return (
    <>
      <h2>What would change it</h2>
      <ul>
        {steps.map(({ name, next }) => (
          <li>
            <code>{name}</code>: <Words of={next} />
          </li>
        ))}
        {view.changesAt === null ? null : (
          <li>
            Time: it may change by itself <Ago at={view.changesAt} now={now} />, and is judged again
            then.
          </li>
        )}
      </ul>
    </>
  );
};

const replayed: Readonly<Record<string, readonly [string, string]>> = {
  same: ["good", "Made again from its records, it comes out the same to the last word."],
  words: ["good", "Made again, the decision is the same, in other words of this version."],
  other: ["bad", "Made again by this version, it comes out otherwise"],
  tampered: ["bad", "Its records are not what was written"],
  removed: ["care", "It cannot be made again"],
  unjudged: ["care", "There is nothing to make again"],
};

const Replay = ({ view }: { readonly view: DecisionView }) => {
  if (view.replay === null)
    return (
      <form method="get" action={decisionPath(view.seq)}>
        <input type="hidden" name="replay" value="1" />
        <button type="submit">Make it again from its records</button>
      </form>
    );
  const [look, words] = replayed[view.replay.kind] ?? ["care", view.replay.kind];
  return (
    <p class={`note ${look}`} role="status">
      {words}
      {view.replay.because === "" ? null : `: ${view.replay.because}`}
    </p>
  );
};

const from: Readonly<Record<DecisionView["from"], string | null>> = {
  recorded: null,
  again: "What was recorded then is shown as this version words it, from what it was made of.",
  short:
    "What it was made of is kept no more (or nothing was judged): the log still says this much.",
};

/** `/decisions/<id>`: one decision, and everything about it. */
export function decisionPage(
  c: Context<PageEnv>,
  view: DecisionView,
  now: number,
): Response | Promise<Response> {
  const { subject } = view;
  const note = from[view.from];
  return page(
    c,
    {
      title: `${subject.label}: ${view.title}`,
      live: view.replay === null ? subject.repository : undefined,
    },
    <>
      <p class="small">
        <a href="/">Waiting</a> /{" "}
        <a href={repositoryPath(subject.repository)}>{subject.repository}</a>
        {subject.environment === null ? null : (
          <>
            {" "}
            /{" "}
            <a href={environmentPath(subject.repository, subject.environment)}>
              {subject.environment}
            </a>
          </>
        )}
      </p>
      <h1>
        <Words of={view.title} />
      </h1>
      <p>
        <Label of={view.answer} /> <OutLink url={subject.url}>{subject.label}</OutLink> at{" "}
        <code>{subject.sha.slice(0, 7)}</code>, decided <Ago at={view.at} now={now} />, number{" "}
        {view.seq} of the audit log
      </p>
      {view.newer === null ? null : (
        <p class="note care">
          This is not the last word: there is{" "}
          <a href={decisionPath(view.newer)}>a newer decision</a>.
        </p>
      )}
      {note === null ? null : <p class="note">{note}</p>}
      {view.holds.map((hold) => (
        <p class="note care">
          {hold.label !== undefined && hold.label !== ""
            ? `On hold by the label ${hold.label}.`
            : hold.by === ""
              ? `On hold: ${hold.reason}`
              : `On hold by @${hold.by}${hold.reason === "" ? "" : `: ${hold.reason}`}`}
        </p>
      ))}
      {view.warnings.map((warning) => (
        <p class="note care">{warning}</p>
      ))}
      <h2>Rules</h2>
      {view.rules.length === 0 ? (
        <p>No rule was judged.</p>
      ) : (
        <ul class="list">
          {view.rules.map((rule) => (
            <Rule rule={rule} now={now} />
          ))}
        </ul>
      )}
      {view.overrides.length === 0 ? null : (
        <>
          <h2>Overrides</h2>
          <ul class="list">
            {view.overrides.map((override) => (
              <Override override={override} now={now} />
            ))}
          </ul>
        </>
      )}
      <Changes view={view} now={now} />
      <h2>Replay</h2>
      <Replay view={view} />
      <h2>Timeline</h2>
      <Timeline items={view.timeline} current={view.seq} />
    </>,
  );
}
