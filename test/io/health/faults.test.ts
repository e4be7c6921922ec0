import { afterEach, describe, expect, it } from "vitest";
import type { HealthAnswer } from "#core/formats/health/answer.ts";
import type { HealthQuestion } from "#core/ports/health.ts";
import { createHealthSources } from "#io/health/health-sources.ts";
import type { HealthSource } from "#io/health/source.ts";
import { silentLog, unmeasured } from "./ports.ts";
import { json, standIn, type StandIn } from "./stand-ins.ts";

const running: StandIn[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
});
const serve = async (...parts: Parameters<typeof standIn>): Promise<StandIn> => {
  const started = await standIn(...parts);
  running.push(started);
  return started;
};

const source = (over: Partial<HealthSource>): HealthSource => ({
  name: "metrics",
  type: "prometheus",
  url: "",
  headers: {},
  lookbackMs: undefined,
  repositories: undefined,
  secrets: [],
  ...over,
});
const now = { kind: "last", ms: 0 } as const;
const question: HealthQuestion = { source: "metrics", query: "up", span: now };
const shop = { owner: "acme", name: "shop" };
const of = (sources: readonly HealthSource[], clock = { now: Date.now }, timeoutMs = 20_000) =>
  createHealthSources(sources, { clock, log: silentLog, meter: unmeasured, timeoutMs });
const asked = (
  url: string,
  over: Partial<HealthSource> = {},
  timeoutMs = 20_000,
): Promise<HealthAnswer> =>
  of([source({ url, ...over })], { now: Date.now }, timeoutMs).ask(question, shop);

const success = (value = "1", at = Date.now() / 1_000) => ({
  status: "success",
  data: { resultType: "vector", result: [{ metric: {}, value: [at, value] }] },
});

describe("a source that gives no usable answer is unanswered, and says why without an address", () => {
  it("where nothing listens", async () => {
    const { url, stop } = await standIn(() => undefined);
    await stop();
    expect(await asked(url)).toMatchObject({ because: "cannot be reached (ECONNREFUSED)" });
  });

  it("that is too slow, at its head or in its body", async () => {
    const silent = await serve(() => undefined);
    expect(await asked(silent.url, {}, 200)).toMatchObject({ because: "did not answer in time" });
    const slow = await serve((_url, response) => {
      response.writeHead(200);
      response.write("{");
    });
    expect(await asked(slow.url, {}, 200)).toMatchObject({ because: "did not answer in time" });
  });

  it("that breaks off", async () => {
    const broken = await serve((_url, response) => {
      response.writeHead(200, { "content-length": 100 });
      response.write("{", () => response.destroy());
    });
    expect(await asked(broken.url)).toMatchObject({
      because: expect.stringMatching(/^cannot be reached/),
    });
  });

  it("that answers without an end", async () => {
    const endless = await serve((_url, response) => {
      response.writeHead(200);
      const more = (): void => void response.write("x".repeat(1_000_000), more);
      more();
    });
    expect(await asked(endless.url)).toMatchObject({ because: "answers more than 4 MiB" });
  });

  it.each([
    [401, "does not let us ask (401)"],
    [404, "leads nowhere"],
    [429, "too often"],
    [500, "answers 500"],
    [503, "answers 503"],
  ])("that answers %i", async (status, because) => {
    const refusing = await serve((_url, response) => {
      response.writeHead(status);
      response.end("internal-host.example");
    });
    const answer = await asked(refusing.url);
    expect(answer).toMatchObject({ kind: "unanswered", because: expect.stringContaining(because) });
    expect(JSON.stringify(answer)).not.toMatch(/127\.0\.0\.1|internal-host/);
  });

  it("that sends us elsewhere: nobody goes there, least of all with credentials", async () => {
    const elsewhere = await serve((_url, response) => json(response, success()));
    const sending = await serve((_url, response) => {
      response.writeHead(302, { location: `${elsewhere.url}/api/v1/query` });
      response.end();
    });
    expect(await asked(sending.url, { headers: { authorization: "Bearer x" } })).toMatchObject({
      because: "sends us elsewhere (302), which is not followed",
    });
    expect(elsewhere.asked).toEqual([]);
  });

  it("whose clock is another, by its values or by its answer", async () => {
    const behind = await serve((_url, response) =>
      json(response, success("1", Date.now() / 1_000 - 240)),
    );
    expect(await asked(behind.url)).toMatchObject({
      because: expect.stringMatching(/^has a clock that is [34] min.* behind ours/),
    });
    const ahead = await serve((_url, response) => {
      response.setHeader("date", new Date(Date.now() + 300_000).toUTCString());
      json(response, success());
    });
    expect(await asked(ahead.url)).toMatchObject({
      because: expect.stringMatching(/ahead of ours/),
    });
  });

  it("that warns in a range of what was whole in the moment", async () => {
    const partial = await serve((url, response) =>
      json(
        response,
        url.pathname.endsWith("_range")
          ? {
              status: "success",
              warnings: ["a store did not answer"],
              data: { resultType: "matrix", result: [] },
            }
          : success(),
      ),
    );
    const answer = await of([source({ url: partial.url })]).ask(
      { ...question, span: { kind: "last", ms: 60_000 } },
      shop,
    );
    expect(answer).toMatchObject({ because: expect.stringContaining("a part of the whole") });
  });
});

describe("what is sent", () => {
  it("are the source's own headers and lookback, a wish for the whole, and no more", async () => {
    const good = await serve((_url, response) => json(response, success()));
    await asked(good.url, { headers: { authorization: "Bearer s" }, lookbackMs: 120_000 });
    const [{ path, headers } = { path: "", headers: {} }] = good.asked;
    const { searchParams } = new URL(path, "http://x");
    expect(headers).toMatchObject({ authorization: "Bearer s", accept: "application/json" });
    expect(Object.fromEntries(searchParams)).toMatchObject({
      query: "up",
      lookback_delta: "120s",
      partial_response: "false",
    });
  });
});

describe("who may ask how often", () => {
  it("a question is asked once a minute, by however many and whatever came of it", async () => {
    let time = Date.now();
    let status = 200;
    const counted = await serve((_url, response) =>
      json(response, status === 200 ? success("1", time / 1_000) : {}, status),
    );
    const sources = of([source({ url: counted.url })], { now: () => time });
    counted.asked.length = 0;
    const many = await Promise.all(Array.from({ length: 100 }, () => sources.ask(question, shop)));
    expect([many.length, new Set(many).size, counted.asked.length]).toEqual([100, 1, 1]);
    status = 500;
    time += 59_999;
    expect(await sources.ask(question, shop)).toMatchObject({ kind: "series" });
    time += 1;
    // The stand-in's own Date is left behind by so little that nobody minds.
    expect(await sources.ask(question, shop)).toMatchObject({ kind: "unanswered" });
    status = 200;
    time += 30_000;
    expect(await sources.ask(question, shop)).toMatchObject({ kind: "unanswered" });
    expect(counted.asked.length).toBe(2);
  });

  it("another query, source or time is another question, up to 200 a minute", async () => {
    const counted = await serve((_url, response) => json(response, success()));
    const sources = of([source({ url: counted.url }), source({ name: "more", url: counted.url })]);
    const ask = (index: number) => sources.ask({ ...question, query: `up + ${index}` }, shop);
    await Promise.all(Array.from({ length: 200 }, (_none, index) => ask(index)));
    expect(counted.asked.length).toBe(200);
    expect(await ask(200)).toMatchObject({ because: expect.stringContaining("200 different") });
    expect(await ask(7)).toMatchObject({ kind: "series" });
    expect(await sources.ask({ ...question, source: "more" }, shop)).toMatchObject({
      kind: "series",
    });
    expect(counted.asked.length).toBe(201);
  });

  it("a name of nothing, and a source for other repositories, are alike and asked nothing", async () => {
    const counted = await serve((_url, response) => json(response, success()));
    const sources = of([source({ url: counted.url, repositories: ["acme/shop*"] })]);
    const strange = await sources.ask(question, { owner: "other", name: "shop" });
    const nothing = await sources.ask({ ...question, source: "none" }, shop);
    expect(strange).toMatchObject({ because: expect.stringContaining("no source that this") });
    expect(nothing).toMatchObject({
      because: strange.kind === "unanswered" ? strange.because : "",
    });
    expect(counted.asked).toEqual([]);
    expect(await sources.ask(question, { owner: "Acme", name: "shop-eu" })).toMatchObject({
      kind: "series",
    });
  });
});
