import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { HorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler";
import { Ingress } from "kubernetes-models/networking.k8s.io/v1/Ingress";
import { NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import { ConfigMap } from "kubernetes-models/v1/ConfigMap";
import { Service } from "kubernetes-models/v1/Service";
import { parse, parseAllDocuments } from "yaml";
import { run } from "./run.ts";

const kinds = {
  ConfigMap,
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  NetworkPolicy,
  PodDisruptionBudget,
  Service,
} as const;

/** Values that switch everything on. */
const everything = {
  autoscaling: { enabled: true },
  ingress: { enabled: true, className: "nginx", tlsSecret: "tls", annotations: { a: "b" } },
  networkPolicy: { fromNamespaceLabels: { "kubernetes.io/metadata.name": "ingress" } },
  healthSources: { metrics: { type: "prometheus", url: "http://prometheus", token: "TOKEN" } },
  nodeSelector: { disk: "ssd" },
  tolerations: [{ key: "gate", operator: "Exists" }],
  podAnnotations: { p: "q" },
};

/** Values of the chart are what their schema takes, and values that are wrong are not. */
export function checkValues(chart: string): void {
  const schema = JSON.parse(readFileSync(join(chart, "values.schema.json"), "utf8")) as object;
  const takes = new Ajv({ strict: true }).compile(schema);
  const values = parse(readFileSync(join(chart, "values.yaml"), "utf8")) as Record<string, unknown>;
  if (!takes(values)) throw new Error(`values.yaml: ${JSON.stringify(takes.errors)}`);
  const wrong = [
    { replica: 2 },
    { replicas: 0 },
    { existingSecret: "" },
    { settings: { PRIVATE_KEY: "in the open" } },
    { settings: { WORKERS: 16 } },
    { ingress: { hosts: [] } },
    { healthSources: { metrics: { url: "http://prometheus" } } },
  ];
  for (const change of wrong)
    if (takes({ ...values, ...change })) throw new Error(`taken: ${JSON.stringify(change)}`);
}

/** The chart, rendered with its own values and with everything switched on, is what Kubernetes takes. */
export function checkChart(chart: string, renderer: string): void {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-chart-"));
  try {
    const more = join(folder, "values.yaml");
    writeFileSync(more, JSON.stringify(everything));
    const found = new Set<string>();
    for (const values of [[], [more]]) {
      const text = run("go", ["run", renderer, chart, ...values], {
        env: {
          GO111MODULE: "off",
          GOPATH: "/usr/share/gocode",
          GOCACHE: join(tmpdir(), "gatehouse-go"),
        },
      });
      for (const document of parseAllDocuments(text)) {
        if ("empty" in document) continue;
        if (document.errors[0] !== undefined) throw document.errors[0];
        const made = document.toJS() as { kind: keyof typeof kinds };
        if (!(made.kind in kinds)) throw new Error(`${made.kind}: nothing here knows this kind`);
        new kinds[made.kind](made as never).validate();
        found.add(made.kind);
      }
    }
    const missing = Object.keys(kinds).filter((kind) => !found.has(kind));
    if (missing.length > 0) throw new Error(`never rendered: ${missing.join(", ")}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
