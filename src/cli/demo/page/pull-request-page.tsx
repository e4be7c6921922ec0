import MarkdownIt from "markdown-it";
import { raw } from "hono/html";
import type { Seen, SeenCheck } from "./story.ts";

/** Where the page's own files and the real pages are. */
export interface Places {
  readonly style: string;
  readonly script: string;
  readonly gate: string;
}

const markdown = new MarkdownIt({ html: false, linkify: false });

/** Signs that any font has in place of pictures that some machines have none for. */
const marks: readonly (readonly [string, string])[] = [
  ["✅", "✓"],
  ["❌", "✗"],
  ["⏳", "○"],
  ["❓", "?"],
  ["⏭️", "–"],
  ["⚠️", "!"],
  ["❄️", "*"],
  ["🔓", "–"],
];

/** As GitHub shows it, without what only machines read. */
const shown = (text: string) =>
  raw(
    markdown.render(
      marks.reduce(
        (all, [picture, sign]) => all.replaceAll(picture, sign),
        text.replaceAll(/<!--[\s\S]*?-->/g, ""),
      ),
    ),
  );

const looks: Readonly<Record<string, readonly [string, string]>> = {
  success: ["pass", "✓"],
  approved: ["pass", "✓"],
  failure: ["fail", "✗"],
  rejected: ["fail", "✗"],
  in_progress: ["wait", "●"],
  queued: ["wait", "●"],
  waiting: ["wait", "●"],
};

const State = ({ of }: { readonly of: string }) => {
  const [look, mark] = looks[of] ?? ["plain", "•"];
  return (
    <span class={`label ${look}`}>
      {mark} {of.replaceAll("_", " ")}
    </span>
  );
};

const Act = ({
  name,
  children,
  isPrimary = false,
  isOff = false,
}: {
  readonly name: string;
  readonly children: string;
  readonly isPrimary?: boolean;
  readonly isOff?: boolean;
}) => (
  <form method="post" action={`/do/${name}`}>
    <button type="submit" class={isPrimary ? "primary" : ""} {...(isOff ? { disabled: true } : {})}>
      {children}
    </button>
  </form>
);

const Check = ({ check, isOpen }: { readonly check: SeenCheck; readonly isOpen: boolean }) => (
  <li>
    <div class="check-line">
      <span>
        <State of={check.state} /> <strong>{check.name}</strong> {check.title}
      </span>
      {check.details === null ? null : <a href={check.details}>Details</a>}
    </div>
    {isOpen && check.summary !== "" ? (
      <div class="summary" tabindex={0} role="region" aria-label={`What ${check.name} says`}>
        {shown(check.summary)}
      </div>
    ) : null}
  </li>
);

const MergeBox = ({ seen }: { readonly seen: Seen }) => {
  const gate = seen.checks.find(({ name }) => name === "gatehouse");
  const isReady = gate?.state === "success";
  if (seen.state === "merged")
    return (
      <section class="note good" aria-label="Merge">
        <p>
          <strong>Merged.</strong> Now deploy it, or open another pull request.
        </p>
        <Act name="again">Open another pull request</Act>
      </section>
    );
  return (
    <section class={`note ${isReady ? "good" : "care"}`} aria-label="Merge">
      <p>
        <strong>{isReady ? "All checks have passed" : "Merging is blocked"}</strong>
        {isReady ? null : <>: the required check gatehouse is not green.</>}
      </p>
      <Act name="merge" isPrimary isOff={!isReady}>
        Merge pull request
      </Act>
    </section>
  );
};

const Deployments = ({ seen }: { readonly seen: Seen }) => {
  const [newest] = seen.deployments;
  return (
    <section aria-label="Deployment">
      <h2>Deployment to production</h2>
      <div class="acts">
        <Act name="deploy">Deploy the default branch</Act>
        {seen.isFrozen ? (
          <Act name="unfreeze">End the freeze (carol)</Act>
        ) : (
          <Act name="freeze">Freeze production (carol)</Act>
        )}
        {newest?.gate === "approved" && newest.state !== "success" ? (
          <Act name="finish">The job ends well</Act>
        ) : null}
      </div>
      {newest === undefined ? (
        <p class="muted">Nothing was deployed yet.</p>
      ) : (
        <ul class="list">
          <li>
            <State of={newest.gate} /> the environment's protection rule, for{" "}
            <code>{newest.sha.slice(0, 7)}</code>; the job is {newest.state.replaceAll("_", " ")}
          </li>
          {seen.deploymentCheck === null ? null : <Check check={seen.deploymentCheck} isOpen />}
        </ul>
      )}
    </section>
  );
};

/** The pull request as GitHub would show it, with buttons for everybody else's part. */
export const PullRequestPage = ({
  seen,
  places: { style, script, gate },
}: {
  readonly seen: Seen;
  readonly places: Places;
}) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{`${seen.title} · #${seen.number} · a simulated GitHub`}</title>
      <link rel="stylesheet" href={style} />
      <script src={script} defer></script>
      <noscript>
        <meta http-equiv="refresh" content="3" />
      </noscript>
    </head>
    <body>
      <header class="top">
        <div>
          <span class="name">A simulated GitHub</span>
          <nav aria-label="Gatehouse">
            Gatehouse: <a href={`${gate}/`}>what waits</a> ·{" "}
            <a href={`${gate}/acme/shop`}>acme/shop</a> ·{" "}
            <a href={`${gate}/acme/shop/environments/production`}>production</a> ·{" "}
            <a href={`${gate}/freezes`}>freezes</a>
          </nav>
        </div>
      </header>
      <main id="main" data-live="">
        <h1>
          {seen.title} <span class="muted">#{seen.number}</span>
        </h1>
        <p>
          <span class={`label ${seen.state === "open" ? "pass" : "plain"}`}>{seen.state}</span> ada
          wants to merge <code>{seen.branch}</code> into <code>main</code>
        </p>
        <div class="acts">
          <Act name="approve">Approve (bob)</Act>
          <Act name="fail">The tests fail</Act>
          <Act name="pass">The tests pass</Act>
          <Act name="push">Push a commit (ada)</Act>
        </div>
        <section aria-label="Checks">
          <h2>Checks</h2>
          <ul class="list">
            {seen.checks.length === 0 ? <li class="muted">Nothing has answered yet.</li> : null}
            {seen.checks.map((check) => (
              <Check check={check} isOpen={check.name === "gatehouse"} />
            ))}
          </ul>
        </section>
        <MergeBox seen={seen} />
        {seen.reviews.length === 0 ? null : (
          <p>Reviews: {seen.reviews.map(({ by, state }) => `@${by} ${state}`).join(", ")}</p>
        )}
        <Deployments seen={seen} />
        {seen.comments.length === 0 ? null : (
          <section aria-label="Comments">
            <h2>Comments</h2>
            <ul class="list">
              {seen.comments.slice(-4).map(({ by, body }) => (
                <li>
                  <strong>@{by}</strong>
                  {shown(body)}
                </li>
              ))}
            </ul>
          </section>
        )}
      </main>
      <footer class="foot">
        <div>
          Nothing leaves this machine. Gatehouse asks you to sign in at the simulated GitHub: be
          ada, bob or carol.
        </div>
      </footer>
    </body>
  </html>
);
