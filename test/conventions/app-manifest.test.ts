import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import {
  eventsNotAskedFor,
  optionalPermissions,
  otherEvents,
  otherPermissions,
} from "../../scripts/docs/app-needs.ts";
import { eventOf } from "../../scripts/docs/facts.ts";
import { factList } from "#core/facts/index.ts";
import { permissionsFor } from "#io/github/client/permissions.ts";
import { accesses } from "#io/github/client/requests.ts";
import { read, root } from "./repository.ts";

const manifest = z
  .object({
    default_permissions: z.record(z.string(), z.enum(["read", "write"])),
    default_events: z.array(z.string()),
  })
  .parse(parse(read("app.yml")));

const factEvents = new Set(factList.flatMap((fact) => fact.changedBy.map(eventOf)));
const sorted = (names: Iterable<string>): readonly string[] => [...new Set(names)].toSorted();

describe("app.yml", () => {
  it("asks for exactly the permissions that facts, publishing and commands need, but for the optional ones", () => {
    const needed = new Map<string, string>(
      factList.flatMap((fact) =>
        fact.permissions
          .filter((permission) => !(permission in optionalPermissions))
          .map((permission) => [permission, "read"] as const),
      ),
    );
    for (const [permission, { access }] of Object.entries(otherPermissions)) {
      if (access === "write" || !needed.has(permission)) needed.set(permission, access);
    }
    expect(manifest.default_permissions).toEqual(Object.fromEntries(needed));
  });

  it("gives a reason for each permission", () => {
    const reasons = { ...optionalPermissions, ...otherPermissions };
    const silent = Object.keys(manifest.default_permissions).filter(
      (permission) => (reasons[permission]?.why ?? "") === "",
    );
    expect(silent).toEqual([]);
  });

  it("subscribes to exactly the events that facts, commands and deployments need", () => {
    const needed = [...factEvents, ...Object.keys(otherEvents)].filter(
      (event) => eventsNotAskedFor[event] === undefined,
    );
    expect(sorted(manifest.default_events)).toEqual(sorted(needed));
  });

  it("lists each event once, in order", () => {
    expect(manifest.default_events).toEqual(sorted(manifest.default_events));
  });

  it("grants what the tokens of the process ask for, and no more", () => {
    const asked: Record<string, string> = {};
    for (const access of [
      "read",
      "organization_properties",
      "checks",
      "deployments",
      "issues",
    ] as const) {
      for (const [permission, level] of Object.entries(permissionsFor(access, null)))
        if (asked[permission] !== "write") asked[permission] = level;
    }
    expect(asked).toEqual(manifest.default_permissions);
  });

  it("leaves out only permissions to read that a fact costs, names them, and asks for each with a token of its own", () => {
    for (const permission of Object.keys(optionalPermissions)) {
      expect(
        factList.some((fact) => fact.permissions.some((each) => each === permission)),
        permission,
      ).toBe(true);
      expect(read("app.yml")).toContain(`#   ${permission}: read`);
    }
    const own = accesses.filter((access) =>
      Object.keys(permissionsFor(access, null)).some(
        (permission) => permission in optionalPermissions,
      ),
    );
    expect(own.map((access) => permissionsFor(access, null))).toEqual(
      Object.keys(optionalPermissions).map((permission) => ({
        [permission]: "read",
        metadata: "read",
      })),
    );
  });

  it("never asks for what a stolen token could approve, push or reconfigure with", () => {
    const writes = Object.entries(manifest.default_permissions)
      .filter(([, access]) => access === "write")
      .map(([permission]) => permission);
    expect(writes.toSorted()).toEqual(["checks", "deployments", "issues"]);
  });

  it.each([
    ...Object.entries(otherPermissions),
    ...Object.entries(optionalPermissions),
    ...Object.entries(otherEvents),
  ])("%s is needed by a file that is there", (_name, { where }) => {
    expect(existsSync(join(root, where)), where).toBe(true);
  });

  it("leaves out only events that a fact names", () => {
    expect(Object.keys(eventsNotAskedFor).filter((event) => !factEvents.has(event))).toEqual([]);
  });
});
