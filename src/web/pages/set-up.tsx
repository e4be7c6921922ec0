import type { Context } from "hono";
import type { SetUpStep } from "#core/render/set-up-steps.ts";
import type { SetUp } from "#flow/pages/set-up.ts";
import type { PageEnv } from "../http/environment.ts";
import { page } from "../layout/page.tsx";
import { OutLink, Words } from "../layout/parts.tsx";

const marks = {
  done: ["pass", "✓ Done"],
  open: ["wait", "○ To do"],
  unknown: ["plain", "? Not known now"],
} as const satisfies Readonly<Record<SetUpStep["state"], readonly [string, string]>>;

const Step = ({ step }: { readonly step: SetUpStep }) => {
  const [look, word] = marks[step.state];
  return (
    <li>
      <h2 class="step">
        <span class={`label ${look}`}>{word}</span> {step.title}
      </h2>
      <p>{step.says}</p>
      {step.toDo.map(({ text, url, command }) => (
        <div>
          <p>
            <Words of={text} />
            {url === null ? null : (
              <>
                {" "}
                <OutLink url={url}>Do it at GitHub</OutLink>
              </>
            )}
          </p>
          {command === null ? null : (
            <pre tabindex={0}>
              <code>{command}</code>
            </pre>
          )}
        </div>
      ))}
    </li>
  );
};

/** `/setup`: what is left to do; it ticks itself while it is open. */
export function setUpPage(c: Context<PageEnv>, { isDone, steps }: SetUp) {
  return page(
    c,
    { title: "Set-up", ...(isDone ? {} : { live: "soon" }) },
    <>
      <h1>{isDone ? "Gatehouse is set up" : "What is left to do"}</h1>
      <p>
        {isDone ? (
          <>
            Merges and deployments wait for it. <a href="/">What waits</a>
          </>
        ) : (
          "This page looks again by itself; nothing has to be started anew."
        )}
      </p>
      <ol class="list">
        {steps.map((step) => (
          <Step step={step} />
        ))}
      </ol>
    </>,
  );
}
