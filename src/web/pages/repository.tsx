import type { Context } from "hono";
import type { RepositoryView, RuleInForce } from "#flow/pages/repository.ts";
import type { PageEnv } from "../http/environment.ts";
import { page } from "../layout/page.tsx";
import { environmentPath } from "#core/record/repository-address.ts";
import { OutLink } from "../layout/parts.tsx";
import { PolicyExcerpt } from "./policy-excerpt.tsx";
import { Timeline } from "./timeline.tsx";
import { WaitingItems } from "./waiting-list.tsx";

const Rule = ({ rule }: { readonly rule: RuleInForce }) => (
  <li>
    <h3>{rule.name}</h3>
    {rule.description === "" ? null : <p>{rule.description}</p>}
    <p class="small muted">
      {rule.source === "organization" ? "The organisation" : "The repository"} says it, for{" "}
      {rule.gates.map((gate) => gate.replaceAll("_", " ") + "s").join(" and ")}; {rule.enforcement}
    </p>
    {rule.lines === null ? null : <PolicyExcerpt lines={rule.lines} />}
  </li>
);

const Policy = ({ policy }: { readonly policy: RepositoryView["policy"] }) => {
  switch (policy.kind) {
    case "ungoverned":
      return <p>No policy governs this repository: nothing is held.</p>;
    case "broken":
      return <p class="note bad">{policy.title}</p>;
    case "effective":
      return (
        <>
          {policy.notice === null ? null : <p class="note care">{policy.notice}</p>}
          {policy.warnings.map((warning) => (
            <p class="note care">{warning}</p>
          ))}
          {policy.rules.length === 0 ? (
            <p>The policy has no rule that applies here.</p>
          ) : (
            <ul class="list">
              {policy.rules.map((rule) => (
                <Rule rule={rule} />
              ))}
            </ul>
          )}
        </>
      );
  }
};

/** `/<owner>/<repo>`. */
export function repositoryPage(
  c: Context<PageEnv>,
  view: RepositoryView,
  now: number,
): Response | Promise<Response> {
  return page(
    c,
    { title: view.repository, live: view.repository },
    <>
      <h1>{view.repository}</h1>
      <p>
        <OutLink url={view.url}>At GitHub</OutLink>
      </p>
      <h2>Open now</h2>
      {view.open.length === 0 ? (
        <p>Nothing is open.</p>
      ) : (
        <WaitingItems items={view.open} now={now} />
      )}
      <h2>Environments</h2>
      {view.environments.length === 0 ? (
        <p>Nothing was deployed from here yet.</p>
      ) : (
        <div class="scroll" tabindex={0} role="region" aria-label="Environments">
          <table>
            <thead>
              <tr>
                <th scope="col">Environment</th>
                <th scope="col">Runs</th>
                <th scope="col">Waits</th>
                <th scope="col">Gate</th>
              </tr>
            </thead>
            <tbody>
              {view.environments.map(({ name, isGated, running, waiting }) => (
                <tr>
                  <th scope="row">
                    <a href={environmentPath(view.repository, name)}>{name}</a>
                  </th>
                  <td>{running === null ? "–" : <code>{running.slice(0, 7)}</code>}</td>
                  <td>{waiting}</td>
                  <td>{isGated ? "asks Gatehouse" : "never asked Gatehouse"}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <h2>Policy in force</h2>
      <p>{view.requiredCheck}</p>
      <Policy policy={view.policy} />
      <h2>History</h2>
      {view.history.length === 0 ? <p>Nothing yet.</p> : <Timeline items={view.history} />}
    </>,
  );
}
