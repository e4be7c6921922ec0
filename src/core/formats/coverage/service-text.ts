/** A coverage figure out of a known service's check, status or comment. `scope` patch: of the changed lines or new code only. */
export type ServiceFigure = {
  readonly service: CoverageService;
  readonly scope: "project" | "patch";
  readonly percent: number;
  readonly flag?: string;
};

export type CoverageService = "codecov" | "coveralls" | "sonar";

/** What a check run or status says, hostile like everything from outside: whether its app is the service's own is the caller's to verify. */
export type ServiceText = { readonly name: string; readonly text: string };

type Known = {
  readonly service: CoverageService;
  readonly name: RegExp;
  readonly apps: readonly string[];
  readonly read: (said: ServiceText) => Omit<ServiceFigure, "service"> | undefined;
};

/** Bounded on all sides: an unbounded run of digits would make the search quadratic. */
const percent = String.raw`(?<![\d.])(\d{1,3}(?:\.\d{1,12})?)\*{0,2} ?%`;

const codecovProject = new RegExp(String.raw`^${percent} \((?:[+-]|target |within )`);
const codecovPatch = new RegExp(String.raw`^${percent} of diff hit`);
const codecovComment = new RegExp(
  String.raw`\bProject coverage is [${"`"}*]{0,2}${percent}|\bCoverage[ |]+(?:${percent}[ |]+)?${percent}[ |]+[+-]\d`,
);
const coverallsTo = new RegExp(
  String.raw`\bcoverage(?:: \*{0,2}${percent}| (?:increased|decreased|remained the same)\b.{0,200}?\b(?:to|at) [*_]{0,2}${percent})`,
  "is",
);
const sonarNewCode = new RegExp(String.raw`${percent}[*_)\]]{0,3} Coverage on New Code`, "i");
const sonarOverall = new RegExp(String.raw`${percent}[*_)\]]{0,3} Coverage(?! on New Code)\b`, "i");

/** The services whose texts are known, with the names of their checks and the apps that may publish them. */
export const coverageServices: readonly Known[] = [
  {
    service: "codecov",
    name: /^(?:codecov(?:\/(?:project|patch|changes)(?:\/.{1,100})?)?)$/i,
    apps: ["codecov"],
    read: readCodecov,
  },
  {
    service: "coveralls",
    name: /^(?:coverage\/coveralls|coveralls(?:[ /-].{1,100})?)$/i,
    apps: ["coveralls", "coveralls-official"],
    read: readCoveralls,
  },
  {
    service: "sonar",
    name: /^(?:\[.{1,100}\] )?(?:sonarcloud|sonarqube(?: cloud)?)(?: code analysis)?(?: .{1,100})?$/i,
    apps: ["sonarcloud", "sonarqubecloud", "sonarqube"],
    read: readSonar,
  },
];

const longestText = 65_535;

/**
 * The number a service's text carries, or undefined: green without a number, "no coverage found" and "not affected" are
 * not coverage. A figure above 100 is none either.
 */
export function readServiceText(said: ServiceText): ServiceFigure | undefined {
  const known = coverageServices.find((service) =>
    service.name.test(said.name.trim().slice(0, 300)),
  );
  const figure = known?.read({
    name: said.name.trim(),
    text: said.text.slice(0, longestText).trim(),
  });
  return known === undefined || figure === undefined || figure.percent > 100
    ? undefined
    : { service: known.service, ...figure };
}

function readCodecov({ name, text }: ServiceText): Omit<ServiceFigure, "service"> | undefined {
  const [, kind = "", flag] = /^codecov\/([^/]+)(?:\/(.+))?$/i.exec(name) ?? [];
  const project =
    kind.toLowerCase() === "project" || kind === "" ? codecovProject.exec(text)?.[1] : undefined;
  const patch =
    kind.toLowerCase() === "patch" || kind === "" ? codecovPatch.exec(text)?.[1] : undefined;
  const [, stated, , after] = (kind === "" ? codecovComment.exec(text) : null) ?? [];
  const comment = stated ?? after;
  return figureOf(patch === undefined ? "project" : "patch", project ?? patch ?? comment, flag);
}

function readCoveralls({ text }: ServiceText): Omit<ServiceFigure, "service"> | undefined {
  const [, now, changed] = coverallsTo.exec(text) ?? [];
  return figureOf("project", now ?? changed);
}

/** The quality gate speaks of new code first; that is what it judges. */
function readSonar({ text }: ServiceText): Omit<ServiceFigure, "service"> | undefined {
  const fresh = sonarNewCode.exec(text)?.[1];
  return fresh === undefined
    ? figureOf("project", sonarOverall.exec(text)?.[1])
    : figureOf("patch", fresh);
}

function figureOf(
  scope: "project" | "patch",
  digits: string | undefined,
  flag?: string,
): Omit<ServiceFigure, "service"> | undefined {
  if (digits === undefined) return undefined;
  return { scope, percent: Number(digits), ...(flag === undefined ? {} : { flag }) };
}
