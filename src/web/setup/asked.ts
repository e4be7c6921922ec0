import { isIP } from "node:net";
import { hasCredentials, webAddress, withoutCredentials } from "#core/text/address.ts";

/** What the set-up form says, as it was typed. */
export interface SetupForm {
  readonly organization: string;
  readonly address: string;
  readonly host: string;
  /** The address is used although it could not be checked. */
  readonly anyway: boolean;
}

/** What is to be registered, and where. */
export interface SetupAsked {
  /** null: the App is the registering person's own. */
  readonly organization: string | null;
  /** Where GitHub delivers to. */
  readonly webhook: string;
  /** Where people and GitHub reach the pages; null: a tunnel for webhooks alone, and people where the process listens. */
  readonly publicUrl: string | null;
  /** The GitHub server; null: github.com. */
  readonly server: { readonly host: string; readonly protocol: "https" | "http" } | null;
}

export interface SetupProblem {
  readonly field: "organization" | "address" | "host" | "";
  readonly message: string;
  /** It is for a person to say that they know better. */
  readonly mayBeIgnored?: boolean;
}

export const webhookPath = "/api/github/webhooks";

const withScheme = (typed: string): string =>
  /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`;

/** `@acme` names an account; anything else before an @ is a user, and perhaps a password. */
const holdsCredentials = (typed: string): boolean => {
  const url = webAddress(withScheme(typed.trim().replace(/^@/, "")));
  return url === null ? typed.trim().lastIndexOf("@") > 0 : hasCredentials(url);
};

/** What was typed, as the form may show it again. */
export const shownAgain = (form: SetupForm): SetupForm => {
  const shown = (typed: string): string =>
    holdsCredentials(typed) ? withoutCredentials(typed) : typed;
  return {
    ...form,
    organization: shown(form.organization),
    address: shown(form.address),
    host: shown(form.host),
  };
};

const urlOf = (typed: string): URL | null => {
  const text = withScheme(typed);
  const url = webAddress(text);
  return url !== null && url.hash === "" && url.hostname !== "" ? url : null;
};

/** `acme`, `@acme` and any address at GitHub that leads to it are the same organisation. Hostile input. */
function organizationOf(typed: string): { readonly name: string; readonly host: string | null } {
  const plain = typed.replace(/^@/, "");
  if (!plain.includes("/")) return { name: plain, host: null };
  const url = urlOf(plain);
  const [first = "", second = ""] = url?.pathname.split("/").filter((part) => part !== "") ?? [];
  return {
    name: first === "orgs" || first === "organizations" ? second : first,
    host: url?.host.toLowerCase() ?? null,
  };
}

/** Whether nobody outside this machine or network can reach it. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  if (host === "localhost" || host.endsWith(".localhost") || host.endsWith(".local")) return true;
  switch (isIP(host)) {
    case 4:
      return /^(?:0|10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./.test(host);
    case 6:
      return host === "::" || host === "::1" || /^f[cd]|^fe[89ab]/.test(host);
    default:
      return false;
  }
}

/** Hosts that GitHub itself runs: what they deliver comes over the internet. */
const isGitHubs = (host: string | null): boolean =>
  host === null || host.toLowerCase().endsWith(".ghe.com");

/** What is asked for, and what is wrong with it. `fixed`: the server that the environment names, which no form changes. */
export function readSetup(
  form: SetupForm,
  fixed: SetupAsked["server"],
): { readonly asked: SetupAsked | null; readonly problems: readonly SetupProblem[] } {
  const problems: SetupProblem[] = [];
  for (const field of ["organization", "address", "host"] as const)
    if (holdsCredentials(form[field]))
      problems.push({
        field,
        message:
          "A user or a password stands in it, and it is shown to others and kept: write it without them.",
      });
  if (problems.length > 0) return { asked: null, problems };
  const typedHost = form.host.trim();
  const hostUrl = typedHost === "" ? null : urlOf(typedHost);
  if (typedHost !== "" && (hostUrl === null || hostUrl.pathname !== "/" || hostUrl.search !== ""))
    problems.push({
      field: "host",
      message: `"${withoutCredentials(typedHost)}" is no host: write it like github.example.com, or leave it empty for github.com.`,
    });
  const named = organizationOf(form.organization.trim().replace(/\/+$/, ""));
  if (form.organization.trim() !== "" && !/^[A-Za-z0-9][A-Za-z0-9_-]{0,38}$/.test(named.name))
    problems.push({
      field: "organization",
      message: `"${form.organization.trim()}" names no organisation: write acme, @acme or the address of its page.`,
    });
  const isDotCom = (host: string): boolean => /^(?:www\.)?github\.com$/.test(host);
  const server =
    fixed ??
    (hostUrl === null || isDotCom(hostUrl.host.toLowerCase())
      ? null
      : {
          host: hostUrl.host,
          protocol: hostUrl.protocol === "http:" ? ("http" as const) : ("https" as const),
        });
  const isElsewhere =
    named.host !== null &&
    (server === null ? !isDotCom(named.host) : named.host !== server.host.toLowerCase());
  if (isElsewhere)
    problems.push({
      field: "organization",
      message: `This organisation is on ${named.host ?? ""}, and the App is to be registered on ${server?.host ?? "github.com"}: write the same host below.`,
    });

  const typed = form.address.trim();
  const url = typed === "" ? null : urlOf(typed);
  if (url === null) {
    problems.push({
      field: "address",
      message:
        "Write the address at which GitHub and people reach this process, like https://gatehouse.example.com.",
    });
    return { asked: null, problems };
  }
  if (isPrivateHost(url.hostname) && isGitHubs(server?.host ?? null))
    problems.push({
      field: "address",
      message: `Nobody on the internet reaches ${url.host}, so GitHub's deliveries would not arrive: name a reverse proxy or a tunnel that leads here.`,
      mayBeIgnored: true,
    });
  else if (url.protocol === "http:" && !isPrivateHost(url.hostname))
    problems.push({
      field: "address",
      message: `${url.origin} is not encrypted: people's sessions could be read on the way. Use https.`,
      mayBeIgnored: true,
    });
  const isRoot = (url.pathname === "/" || url.pathname === webhookPath) && url.search === "";
  return {
    asked: {
      organization: named.name === "" ? null : named.name,
      webhook: isRoot ? `${url.origin}${webhookPath}` : url.href,
      publicUrl: isRoot ? url.origin : null,
      server,
    },
    problems,
  };
}
