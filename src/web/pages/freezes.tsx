import type { Context } from "hono";
import type { FreezeForm } from "#flow/pages/forms.ts";
import type { FreezeView } from "#flow/pages/freezes.ts";
import type { InputProblem } from "#flow/pages/filter.ts";
import type { PageEnv } from "../http/environment.ts";
import { page } from "../layout/page.tsx";
import { FreezeItems } from "./freeze-list.tsx";

export interface FreezesInput {
  readonly freezes: readonly FreezeView[];
  readonly form: FreezeForm;
  readonly problems: readonly InputProblem[];
  readonly notice: string | null;
  readonly now: number;
}

const fields = [
  { name: "repository", label: "Repository", hint: "acme/shop", type: "text" },
  { name: "environment", label: "Environment, or a pattern", hint: "production", type: "text" },
  { name: "name", label: "Name (may stay empty)", hint: "month-end", type: "text" },
  { name: "from", label: "From, UTC (empty: now)", hint: "", type: "datetime-local" },
  { name: "until", label: "Until, UTC (empty: until ended)", hint: "", type: "datetime-local" },
  { name: "reason", label: "Reason", hint: "", type: "text" },
] as const;

const Field = ({
  field,
  value,
  problem,
}: {
  readonly field: (typeof fields)[number];
  readonly value: string;
  readonly problem: InputProblem | undefined;
}) => (
  <div>
    <label for={field.name}>{field.label}</label>
    <input
      id={field.name}
      name={field.name}
      type={field.type}
      value={value}
      placeholder={field.hint}
      autocomplete="off"
      {...(problem === undefined
        ? {}
        : { "aria-invalid": "true", "aria-describedby": `${field.name}-wrong` })}
    />
    {problem === undefined ? null : (
      <p class="wrong" id={`${field.name}-wrong`}>
        {problem.message}
      </p>
    )}
  </div>
);

/** Ends one freeze that somebody made; a freeze of the policy ends as the policy says. */
const End = ({
  c,
  freeze,
  index,
}: {
  readonly c: Context<PageEnv>;
  readonly freeze: FreezeView;
  readonly index: number;
}) =>
  freeze.by === null ? null : (
    <form method="post" action="/freezes/end">
      <input type="hidden" name="csrf" value={c.get("signedIn")?.csrf ?? ""} />
      <input type="hidden" name="repository" value={freeze.where} />
      <input type="hidden" name="environment" value={freeze.environment} />
      <input type="hidden" name="name" value={freeze.name} />
      <div class="fields">
        <div>
          <label for={`end-${index}`}>Reason to end {freeze.name}</label>
          <input id={`end-${index}`} name="reason" autocomplete="off" required />
        </div>
        <div>
          <button class="danger" type="submit">
            End the freeze
          </button>
        </div>
      </div>
    </form>
  );

/** `/freezes`: what is frozen, and the forms to freeze and to end a freeze. */
export function freezesPage(
  c: Context<PageEnv>,
  { freezes, form, problems, notice, now }: FreezesInput,
): Response | Promise<Response> {
  const general = problems.filter(({ field }) => !fields.some(({ name }) => name === field));
  return page(
    c,
    {
      title: "Freezes",
      here: "/freezes",
      live: problems.length === 0 ? "everything" : undefined,
      status: problems.length === 0 ? 200 : 422,
    },
    <>
      <h1>Freezes</h1>
      {notice === null ? null : (
        <p class="note good" role="status">
          {notice}
        </p>
      )}
      {problems.length === 0 ? null : (
        <div class="note bad" role="alert">
          <p>Nothing was changed:</p>
          <ul>
            {problems.map(({ field, message }) => (
              <li>
                {general.some((each) => each.field === field) ? null : (
                  <>
                    <a href={`#${field}`}>{field}</a>:{" "}
                  </>
                )}
                {message}
              </li>
            ))}
          </ul>
        </div>
      )}
      <h2>Now and next</h2>
      {freezes.length === 0 ? (
        <p>Nothing is frozen.</p>
      ) : (
        <FreezeItems
          freezes={freezes}
          now={now}
          action={(freeze) => <End c={c} freeze={freeze} index={freezes.indexOf(freeze)} />}
        />
      )}
      <h2>Freeze an environment</h2>
      <p>
        While a freeze is on, no deployment to the environment is let through. It takes the same
        right as <code>/gate freeze</code>: the policy's <code>freezers</code>, else the role
        maintain.
      </p>
      <form method="post" action="/freezes">
        <input type="hidden" name="csrf" value={c.get("signedIn")?.csrf ?? ""} />
        <div class="fields">
          {fields.map((field) => (
            <Field
              field={field}
              value={form[field.name]}
              problem={problems.find((problem) => problem.field === field.name)}
            />
          ))}
        </div>
        <button class="primary" type="submit">
          Freeze
        </button>
      </form>
    </>,
  );
}
