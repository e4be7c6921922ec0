import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { GatehouseError } from "#core/model/errors.ts";
import { convertManifest } from "#io/github/client/convert-manifest.ts";
import { askAddress } from "#io/system/ask-address.ts";
import { keepInEnvFile, mustBeWritable, whyUnwritable } from "#io/system/env-file.ts";
import { createLog } from "#io/system/log.ts";
import { startGatehouse, type RunningProcess } from "./compose.ts";
import {
  gitHubAt,
  settingsOfProcessWith,
  SettingsError,
  type GitHubServer,
  type Settings,
} from "./env.ts";
import { addressOf, openFront, type Front } from "./front.ts";
import type { Patience } from "./introduce.ts";
import { root } from "./shipped.ts";
import type { SetupAsked } from "./web/setup/asked.ts";
import { convertedApp, type ConvertedApp, type Kept } from "./web/setup/kept.ts";
import { createSetupPages } from "./web/setup/routes.tsx";

interface Surroundings {
  /** The settings once these variables are there as well. */
  readonly settingsWith?: (values: Readonly<Record<string, string>>) => Settings;
  readonly patience?: Patience;
  /** The file of variables that the next start reads. */
  readonly file?: string;
}

const appFile = z.looseObject({
  name: z.string(),
  url: z.string(),
  description: z.string(),
  public: z.boolean(),
  default_permissions: z.record(z.string(), z.string()),
  default_events: z.array(z.string()),
});

function manifestShipped() {
  const { name, description, url, ...app } = appFile.parse(
    parseYaml(readFileSync(join(root, "app.yml"), "utf8")),
  );
  const { default_permissions, default_events } = app;
  return { name, description, url, public: app.public, default_permissions, default_events };
}

/** The server that the environment names; null: none, so that the form asks for it. */
function serverOf({ github: { webUrl } }: Settings): GitHubServer | null {
  const { host, protocol } = new URL(webUrl);
  return host === "github.com" ? null : { host, protocol: protocol === "http:" ? "http" : "https" };
}

/** What the next start has to find in its environment. */
function valuesOf(app: ConvertedApp, asked: SetupAsked, before: Settings) {
  const isNews = asked.server !== null && serverOf(before) === null;
  return {
    APP_ID: String(app.id),
    PRIVATE_KEY: app.pem,
    WEBHOOK_SECRET: app.webhook_secret,
    CLIENT_ID: app.client_id,
    CLIENT_SECRET: app.client_secret,
    ...(isNews && asked.server !== null ? { GHE_HOST: asked.server.host } : {}),
    ...(isNews && asked.server?.protocol === "http" ? { GHE_PROTOCOL: "http" } : {}),
    ...(asked.publicUrl === null || before.web.publicUrl !== null
      ? {}
      : { PUBLIC_URL: asked.publicUrl }),
  };
}

const nameOf = ({ id, slug }: ConvertedApp): string =>
  typeof slug === "string" && slug !== "" ? `${slug}, ID ${id}` : `ID ${id}`;

const inALine = (error: unknown): string =>
  error instanceof GatehouseError || error instanceof SettingsError
    ? error.message
    : "something failed that the log says more of.";

/** Without credentials: the pages that register the App, keep what GitHub answers, and give way to the gate itself. */
export async function startSetup(
  settings: Settings,
  {
    settingsWith = settingsOfProcessWith,
    file = resolve(".env"),
    patience = {},
  }: Surroundings = {},
): Promise<RunningProcess> {
  const log = createLog({ level: settings.logLevel });
  await mustBeWritable(file);
  let front: Front | null = null;
  let gate: RunningProcess | null = null;
  /** The App that the gate runs as. */
  let runsAs: ConvertedApp | null = null;
  const listensAt = (): string => addressOf(settings, front?.port ?? settings.port);

  async function register(app: ConvertedApp, asked: SetupAsked): Promise<Kept> {
    const values = valuesOf(app, asked, settings);
    let kept: Pick<Kept, "file" | "trouble">;
    try {
      const written = await keepInEnvFile(file, values);
      kept = {
        file: written,
        trouble:
          written === file
            ? null
            : `${file} has other values already, which were left alone: the new ones are in ${written}. Decide which ones are to be there.`,
      };
    } catch (error) {
      kept = { file: null, trouble: `${file} could not be written: ${whyUnwritable(error)}.` };
    }
    if (runsAs !== null)
      return {
        ...kept,
        trouble:
          `${kept.trouble ?? ""} Gatehouse runs already as another App (${nameOf(runsAs)}), which was registered a moment before; this second one (${nameOf(app)}) is not used. Delete one of the two on GitHub's page of Apps.`.trim(),
        values,
        notStarted: null,
      };
    let notStarted: string | null = null;
    try {
      const made = settingsWith(values);
      if (front === null || made.app === null) throw new Error("there is no server to take over");
      gate = await startGatehouse(made, made.app, patience, front);
      runsAs = app;
    } catch (error) {
      log.error({ err: error }, "the gate could not be started with the new credentials");
      notStarted = inALine(error);
    }
    return { ...kept, values, notStarted };
  }

  const pages = createSetupPages({
    server: serverOf(settings),
    webUrlOf: (server) => (server === null ? settings.github : gitHubAt(server)).webUrl,
    publicUrl: settings.web.publicUrl,
    listensAt,
    manifest: manifestShipped(),
    isWritable: () =>
      mustBeWritable(file).then(
        () => null,
        (error: unknown) => inALine(error),
      ),
    reaches: async (server) => {
      const answer = await askAddress(`${gitHubAt(server).apiUrl}/meta`);
      return "trouble" in answer ? answer.trouble : null;
    },
    answerAt: askAddress,
    convert: async (code, server) =>
      convertedApp.parse(await convertManifest(gitHubAt(server).apiUrl, code)),
    register,
  });
  front = await openFront(settings, { webhook: null, pages });
  const { server } = front;
  const url = listensAt();
  log.info(
    { url },
    "no credentials are configured: open this address in a browser to register the GitHub App",
  );
  return {
    url,
    stop: (graceMs) =>
      gate?.stop(graceMs) ??
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
