import type { Context } from "hono";
import type { PageEnv } from "../http/environment.ts";
import { assets } from "../layout/assets.ts";
import { page } from "../layout/page.tsx";
import type { SetupForm, SetupProblem } from "./asked.ts";
import type { Kept } from "./kept.ts";

type Shown = Response | Promise<Response>;

interface FormInput {
  readonly form: SetupForm;
  /** The server that the environment names; null: it is asked for. */
  readonly fixed: string | null;
  readonly problems: readonly SetupProblem[];
}

const Field = ({
  name,
  label,
  hint,
  value,
  problems,
}: {
  readonly name: "organization" | "address" | "host";
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly problems: readonly SetupProblem[];
}) => {
  const own = problems.filter(({ field }) => field === name);
  return (
    <div>
      <label for={name}>{label}</label>
      <input
        id={name}
        name={name}
        value={value}
        placeholder={hint}
        autocomplete="off"
        {...(own.length === 0
          ? {}
          : { "aria-invalid": "true", "aria-describedby": `${name}-wrong` })}
      />
      {own.length === 0 ? null : (
        <p class="wrong" id={`${name}-wrong`}>
          {own.map(({ message }) => message).join(" ")}
        </p>
      )}
    </div>
  );
};

/** The one form: who owns the App, where GitHub reaches us, and which GitHub. */
export function form(c: Context<PageEnv>, { form: typed, fixed, problems }: FormInput): Shown {
  const general = problems.filter(({ field }) => field === "");
  return page(
    c,
    { title: "Set up Gatehouse", isBare: true, status: problems.length === 0 ? 200 : 422 },
    <>
      <h1>Set up Gatehouse</h1>
      <p>
        No credentials are configured yet. This registers a GitHub App of your own; nothing has to
        be copied by hand.
      </p>
      {problems.length === 0 ? null : (
        <div class="note bad" role="alert">
          <p>GitHub was not asked yet:</p>
          <ul>
            {problems.map(({ field, message }) => (
              <li>
                {field === "" ? null : (
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
      {general.length > 0 ? (
        <p>Mend that, and send the form again: the process need not be started anew.</p>
      ) : null}
      <form method="post" action="/setup">
        <div class="fields">
          <Field
            name="organization"
            label="Organisation that owns the App (empty: your own account)"
            hint="acme"
            value={typed.organization}
            problems={problems}
          />
          <Field
            name="address"
            label="Address at which GitHub and people reach this process"
            hint="https://gatehouse.example.com"
            value={typed.address}
            problems={problems}
          />
          {fixed === null ? (
            <Field
              name="host"
              label="GitHub server (empty: github.com)"
              hint="github.example.com"
              value={typed.host}
              problems={problems}
            />
          ) : (
            <p>
              GitHub server: <code>{fixed}</code> (GHE_HOST)
            </p>
          )}
          {problems.some(({ mayBeIgnored }) => mayBeIgnored === true) ? (
            <div class="check">
              <input id="anyway" type="checkbox" name="anyway" value="1" />
              <label for="anyway">I know: use this address all the same</label>
            </div>
          ) : null}
        </div>
        <button class="primary" type="submit">
          Register the App
        </button>
      </form>
      <p class="small muted">
        GitHub shows what the App may read and write, and asks you to confirm. Its credentials are
        written to <code>.env</code> in the folder of this process; what stands there stays.
      </p>
    </>,
  );
}

/** Goes on to GitHub by itself where scripts run. */
export function atGitHub(
  c: Context<PageEnv>,
  {
    action,
    manifest,
    server,
  }: { readonly action: string; readonly manifest: string; readonly server: string },
): Shown {
  return page(
    c,
    { title: "Register the App", isBare: true, script: assets.go.path },
    <>
      <h1>Everything is ready</h1>
      <p>The credentials can be kept, and GitHub can be reached. GitHub asks you to confirm.</p>
      <form method="post" action={action} data-go="">
        <input type="hidden" name="manifest" value={manifest} />
        <button class="primary" type="submit">
          Go on at {server}
        </button>
      </form>
    </>,
  );
}

export const noRegistration = (c: Context<PageEnv>): Shown =>
  page(
    c,
    { title: "Not set up", isBare: true, status: 400 },
    <>
      <h1>Not set up</h1>
      <p>
        This answer does not belong to a registration that was begun here, or it was used before.{" "}
        <a href="/">Start again</a>.
      </p>
    </>,
  );

export const notExchanged = (c: Context<PageEnv>, unreached: string | null): Shown =>
  page(
    c,
    { title: "Not set up", isBare: true, status: 502 },
    <>
      <h1>Not set up</h1>
      <p>
        {unreached ?? "GitHub did not exchange the code: it is good for one hour, and once."} The
        App may be registered by now; delete it on GitHub's page of Apps before you{" "}
        <a href="/">start again</a>.
      </p>
    </>,
  );

/** The App is there, and something is left for a person to do. */
export function registered(c: Context<PageEnv>, kept: Kept): Shown {
  return page(
    c,
    { title: "Registered", isBare: true, status: 500 },
    <>
      <h1>The App is registered, and something is left to do</h1>
      {kept.trouble === null ? null : <p class="note bad">{kept.trouble}</p>}
      {kept.file === null ? (
        <>
          <p>
            These are its credentials. They are shown this once: put them into <code>.env</code>, or
            wherever this process gets its environment.
          </p>
          <pre tabindex={0}>
            {Object.entries(kept.values)
              .map(([name, value]) => `${name}="${value.trim().replaceAll("\n", "\\n")}"`)
              .join("\n")}
          </pre>
        </>
      ) : null}
      {kept.notStarted === null ? (
        <p>
          Gatehouse runs with them until it is stopped. <a href="/setup">What is left to do</a>
        </p>
      ) : (
        <p class="note bad">
          Gatehouse could not start with them: {kept.notStarted} Mend that, and start it again.
        </p>
      )}
    </>,
  );
}
