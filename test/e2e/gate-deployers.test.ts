import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { gate as gateCommand } from "../../src/cli/commands/gate.ts";
import { fencesOf } from "../../scripts/docs/markdown.ts";
import { watched, jobIn, noon, outsideShop, tokenFor, type Job } from "./gate-world.ts";
import { idle, runGatehouse, type Gatehouse } from "./harness.ts";

type Environment = Readonly<Record<string, string>>;

let gatehouse: Gatehouse;
let job: Job;
let token: string;
let folder: string;
beforeAll(async () => {
  gatehouse = await runGatehouse({ startsAt: noon });
  const repo = outsideShop(gatehouse, "anywhere");
  job = jobIn(gatehouse, repo, "first");
  token = await tokenFor(gatehouse, [repo]);
  await idle(gatehouse);
  // A pipeline's checkout: the script that the documents speak of, and what would deploy.
  folder = mkdtempSync(join(tmpdir(), "gatehouse-deployer-"));
  mkdirSync(join(folder, "ci"));
  copyFileSync("action/gate.sh", join(folder, "ci/gate.sh"));
  writeFileSync(join(folder, "deploy.sh"), "#!/bin/sh\necho deployed\n", { mode: 0o755 });
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await gatehouse.stop();
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(
  script: string,
  environment: Environment,
  flags: readonly string[] = [],
): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(
      "sh",
      [...flags, "-c", script],
      { cwd: folder, env: { PATH: process.env["PATH"] ?? "", ...environment } },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

/** What a pipeline of another system says of itself. */
const around = (over: Environment = {}): Environment => ({
  GATEHOUSE_URL: gatehouse.gate.url,
  GATEHOUSE_TOKEN: token,
  GATEHOUSE_REPOSITORY: job.repo,
  GATEHOUSE_ENVIRONMENT: "first",
  GATEHOUSE_SHA: job.sha,
  GATEHOUSE_WAIT: "0",
  ...over,
});
/** What a job of GitHub Actions finds, with which it asks for its own token. */
function jobEnvironment(environment = "first"): Environment {
  const { url, token: bearer } = gatehouse.sim.oidcRequest({
    repo: job.repo,
    sha: job.sha,
    run: job.run,
    environment,
  });
  return { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer };
}
const judgedByOracle = (environment = "first"): void =>
  watched(gatehouse, token, { ...job.question, environment }, gatehouse.now(), "allow");

describe("gate.sh", () => {
  it.each([
    ["is allowed", {}, 0, '"decision":"allow"'],
    ["is held", { GATEHOUSE_ENVIRONMENT: "live" }, 3, '"decision":"hold"'],
    ["has no token", { GATEHOUSE_TOKEN: "" }, 2, ""],
    ["is a stranger", { GATEHOUSE_TOKEN: `ght_${"x".repeat(43)}` }, 2, "unauthorized"],
    ["asks about nothing", { GATEHOUSE_SHA: "" }, 2, ""],
    ["asks about a branch", { GATEHOUSE_SHA: "main" }, 2, "invalid"],
    ["would break out of the question", { GATEHOUSE_ENVIRONMENT: 'x","sha":"y' }, 2, ""],
    ["would break out in the first field", { GATEHOUSE_REPOSITORY: 'a/b","x":"y' }, 2, ""],
    ["writes a wait that is none", { GATEHOUSE_WAIT: "soon" }, 2, ""],
    ["reaches nobody", { GATEHOUSE_URL: "http://127.0.0.1:9" }, 3, ""],
  ])("%s", async (_what, over, code, out) => {
    const ran = await run("sh ci/gate.sh", around(over as Environment));
    expect([ran.code, ran.err]).toEqual([code, expect.anything()]);
    expect(ran.out).toContain(out);
    expect(ran.out + ran.err).not.toContain("ght_");
    if (code === 0) judgedByOracle();
  });

  it("takes no answer for a yes that only speaks of one", async () => {
    const { createServer } = await import("node:http");
    const bodies = [
      '{"title":"x","decision":"allow"}',
      '{"decision":"hold","title":"{\\"decision\\":\\"allow\\","}',
      '<html>{"decision":"allow",</html>',
      "",
    ];
    for (const body of bodies) {
      const server = createServer((_request, response) => response.end(body));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const at = server.address();
      const port = typeof at === "object" && at !== null ? at.port : 0;
      const ran = await run("sh ci/gate.sh", around({ GATEHOUSE_URL: `http://127.0.0.1:${port}` }));
      server.close();
      expect(ran.code).toBe(3);
    }
  });
});

describe("the Action", () => {
  const action = parseYaml(readFileSync("action.yml", "utf8")) as {
    readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
    readonly runs: {
      readonly steps: readonly { readonly run: string; readonly env: Environment }[];
    };
  };

  it.each([
    ["first", 0],
    ["live", 3],
  ])("asks for %s with the job's own token", async (environment, code) => {
    const [step] = action.runs.steps;
    const given: Environment = {
      "inputs.url": gatehouse.gate.url,
      "inputs.environment": environment,
      "inputs.wait": "0",
      "inputs.repository": job.repo,
      "inputs.sha": job.sha,
      "inputs.ref": "refs/heads/main",
      "github.action_path": process.cwd(),
    };
    const filled = (text: string): string =>
      text.replaceAll(/\$\{\{ *([\w.]+) *\}\}/g, (_whole, name: string) => given[name] ?? "");
    const output = join(folder, "output");
    writeFileSync(output, "");
    const ran = await run(step?.run ?? "exit 9", {
      ...Object.fromEntries(
        Object.entries(step?.env ?? {}).map(([name, value]) => [name, filled(value)]),
      ),
      ...jobEnvironment(environment),
      GITHUB_OUTPUT: output,
    });
    expect([ran.code, ran.err]).toEqual([code, expect.anything()]);
    expect(readFileSync(output, "utf8")).toContain(
      `answer={"decision":"${code === 0 ? "allow" : "hold"}"`,
    );
    if (code === 0) judgedByOracle();
  });
});

describe("the examples of docs/deploy-from-anywhere.md", () => {
  const fences = fencesOf(readFileSync("docs/deploy-from-anywhere.md", "utf8"));
  const fence = (starts: string): string => {
    const found = fences.find(({ text }) => text.trimStart().startsWith(starts));
    if (found === undefined) throw new Error(`no example begins with ${starts}`);
    return found.text;
  };

  interface Example {
    readonly script: string;
    readonly environment: Environment;
  }
  const jenkins = (): Example => {
    const text = fence("pipeline {");
    const [, script = ""] = /sh '''([^]*?)'''/.exec(text) ?? [];
    const pairs = [...text.matchAll(/(GATEHOUSE_\w+) = '([^']*)'/g)];
    return {
      script,
      environment: {
        ...Object.fromEntries(pairs.map(([, name = "", value = ""]) => [name, value])),
        GIT_COMMIT: job.sha,
      },
    };
  };
  const argo = (): Example => {
    const hook = parseYaml(
      fence("apiVersion: batch/v1").replace("{{ .Values.revision }}", job.sha),
    ) as {
      readonly spec: {
        readonly template: {
          readonly spec: {
            readonly containers: readonly {
              readonly command: readonly string[];
              readonly env: readonly { readonly name: string; readonly value?: string }[];
            }[];
          };
        };
      };
    };
    const [container] = hook.spec.template.spec.containers;
    return {
      script: `${container?.command.join(" ") ?? ""} && ./deploy.sh`,
      environment: Object.fromEntries(
        (container?.env ?? []).map(({ name, value = "" }) => [name, value]),
      ),
    };
  };
  const gitlab = (): Example => {
    const { deploy } = parseYaml(fence("deploy:")) as {
      readonly deploy: { readonly variables: Environment; readonly script: readonly string[] };
    };
    return {
      script: deploy.script.join("\n"),
      environment: { ...deploy.variables, CI_COMMIT_SHA: job.sha },
    };
  };

  it.each([
    ["Jenkins", jenkins],
    ["Argo CD", argo],
    ["GitLab", gitlab],
  ])("%s: deploys what is allowed, and nothing that is held", async (_what, example) => {
    const { script, environment } = example();
    const settings = (over: Environment): Environment => ({
      ...environment,
      GATEHOUSE_URL: gatehouse.gate.url,
      GATEHOUSE_TOKEN: token,
      GATEHOUSE_REPOSITORY: job.repo,
      ...over,
    });
    const allowed = await run(script, settings({ GATEHOUSE_ENVIRONMENT: "first" }), ["-e"]);
    expect([allowed.code, allowed.err]).toEqual([0, expect.anything()]);
    expect(allowed.out).toMatch(/^deployed$/m);
    judgedByOracle();
    const soon = script.replace(/GATEHOUSE_WAIT=\d+/, "GATEHOUSE_WAIT=0");
    const held = await run(soon, settings({ GATEHOUSE_ENVIRONMENT: "live", GATEHOUSE_WAIT: "0" }), [
      "-e",
    ]);
    expect(held.code).toBe(3);
    expect(held.out).not.toMatch(/^deployed$/m);
  });
});

describe("gatehouse gate", () => {
  const names = [
    "GATEHOUSE_URL",
    "GATEHOUSE_TOKEN",
    "GITHUB_REPOSITORY",
    "GITHUB_SHA",
    "GIT_COMMIT",
    "CI_COMMIT_SHA",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
  ];
  const before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  const set = (values: Readonly<Record<string, string | undefined>>): void => {
    for (const name of names) {
      const value = values[name];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  afterEach(() => set(before));

  const asks = (environment: Environment, options: Environment) => {
    set({
      GATEHOUSE_URL: gatehouse.gate.url,
      GITHUB_REPOSITORY: job.repo,
      GITHUB_SHA: job.sha,
      ...environment,
    });
    return Promise.resolve(gateCommand().run([], { wait: "0", ...options }));
  };

  it("asks with the job's own token, or one of ours", async () => {
    const own = await asks(jobEnvironment(), { environment: "first" });
    expect(own).toMatchObject({ exitCode: 0, json: { decision: "allow" } });
    judgedByOracle();
    const ours = await asks({ GATEHOUSE_TOKEN: token }, { environment: "first" });
    expect(ours).toMatchObject({ exitCode: 0 });
    judgedByOracle();
    const held = await asks({ GATEHOUSE_TOKEN: token }, { environment: "live" });
    expect(held).toMatchObject({ exitCode: 3, json: { decision: "hold" } });
    expect(held?.text).toContain("release-approval");
  });

  it.each([
    ["no address", { GATEHOUSE_URL: "" }, { environment: "first" }, "GATEHOUSE_URL is not set"],
    ["no token", {}, { environment: "first" }, "there is no token"],
    ["no environment", { GATEHOUSE_TOKEN: "x" }, {}, "--environment"],
    ["a stranger's token", { GATEHOUSE_TOKEN: "x" }, { environment: "first" }, "401"],
    [
      "a wait that is none",
      { GATEHOUSE_TOKEN: "x" },
      { environment: "first", wait: "soon" },
      "--wait",
    ],
  ])("refuses %s", async (_what, environment, options, message) => {
    await expect(
      (async () => asks(environment as Environment, options as Environment))(),
    ).rejects.toThrow(message);
  });

  it("is no yes where nobody answers", async () => {
    const answer = await asks(
      { GATEHOUSE_URL: "http://127.0.0.1:9", GATEHOUSE_TOKEN: token },
      { environment: "first" },
    );
    expect(answer).toMatchObject({ exitCode: 3 });
  });
});
