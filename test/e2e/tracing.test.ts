import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Simulator } from "@gatehouse/github-simulator";
import { newSite, startProcess, type GateProcess, type Site } from "../support/gate-process.ts";
import { newRepo, open, reviewed, turnsGreen, waits } from "./fault-world.ts";
import { until } from "./harness.ts";

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number };
}
interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly Attribute[];
}
interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

const received: { path: string; headers: Readonly<Record<string, unknown>>; text: string }[] = [];
const collector = createServer((request, response) => {
  let text = "";
  request.on("data", (piece: Buffer) => (text += piece.toString("utf8")));
  request.on("end", () => {
    received.push({ path: request.url ?? "", headers: request.headers, text });
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
});
let site: Site;
let sim: Simulator;
let gate: GateProcess;

beforeAll(async () => {
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  site = newSite();
  sim = await Simulator.start({
    appId: 7,
    publicKeyPem: site.publicKey,
    webhookSecret: site.secret,
  });
  gate = await startProcess(sim, site, {
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
      OTEL_EXPORTER_OTLP_HEADERS: "x-tenant=acme",
      OTEL_BSP_SCHEDULE_DELAY: "100",
      OTEL_RESOURCE_ATTRIBUTES: "deployment.environment=test",
    },
  });
});
afterAll(async () => {
  await gate.kill("SIGKILL");
  await sim.stop();
  site.remove();
  collector.close();
});

const all = (): readonly Sent[] => received.map(({ text }) => JSON.parse(text) as Sent);
const spans = (): readonly Span[] =>
  all().flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
  );
const said = (attributes: readonly Attribute[], key: string): unknown =>
  attributes.find((each) => each.key === key)?.value.stringValue;

it("one delivery is one trace, from GitHub's GUID to what is published, and log lines name it", async () => {
  const repo = newRepo(sim, "secret-project", reviewed);
  const { number, headSha } = open(sim, repo);
  await waits(sim, repo, headSha);
  sim.review({ repo, number, by: "bob", state: "approve" });
  await turnsGreen(sim, repo, headSha);
  const { guid } = sim.deliveries.find(({ event }) => event === "pull_request_review") ?? {
    guid: "",
  };
  const traceId = guid.replaceAll("-", "");
  const ofDelivery = (): readonly Span[] => spans().filter((span) => span.traceId === traceId);
  const found = await until("the trace", ofDelivery, (some) =>
    ["delivery", "route", "job judge", "read facts", "judge", "publish"].every((name) =>
      some.some((span) => span.name === name),
    ),
  );
  const parentOf = (name: string): string | undefined => {
    const span = found.find((each) => each.name === name);
    return found.find(({ spanId }) => spanId === span?.parentSpanId)?.name;
  };
  expect(
    ["delivery", "route", "job judge", "read facts", "judge", "publish"].map(parentOf),
  ).toEqual([undefined, "delivery", "route", "job judge", "job judge", "job judge"]);
  const judged = found.find(({ name }) => name === "judge");
  expect(said(judged?.attributes ?? [], "gatehouse.decision")).toBe("allow");
  expect(gate.output()).toMatch(new RegExp(`"trace_id":"${traceId}","span_id":"[0-9a-f]{16}"`));
});

it("goes where the standard variables say, as whom they say, and names nothing private", () => {
  expect(new Set(received.map(({ path }) => path))).toEqual(new Set(["/v1/traces"]));
  expect(received[0]?.headers["x-tenant"]).toBe("acme");
  const [resource] = all().flatMap(({ resourceSpans }) =>
    resourceSpans.map((each) => each.resource),
  );
  const attributes = resource?.attributes ?? [];
  expect(said(attributes, "service.name")).toBe("gatehouse");
  expect(said(attributes, "deployment.environment")).toBe("test");
  const text = received.map((each) => each.text).join("\n");
  for (const secret of ["secret-project", "acme", '"ada', site.secret, "PRIVATE KEY", "ghs_"])
    expect(text, secret).not.toContain(secret);
});

it("what is not yet sent is sent at the end", async () => {
  const before = received.length;
  const repo = newRepo(sim, "last", reviewed);
  const { headSha } = open(sim, repo);
  await waits(sim, repo, headSha);
  expect(await gate.kill("SIGTERM")).toBe(0);
  expect(received.length).toBeGreaterThan(before);
});
