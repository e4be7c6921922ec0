import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  createProtocolConnection,
  CompletionRequest,
  DidOpenTextDocumentNotification,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  PublishDiagnosticsNotification,
  StreamMessageReader,
  StreamMessageWriter,
  type Diagnostic,
  type MarkupContent,
} from "vscode-languageserver-protocol/node.js";

const require = createRequire(import.meta.url);
const server = join(
  dirname(require.resolve("yaml-language-server/package.json")),
  "bin/yaml-language-server",
);

/** What it offers to write, and what it says of that. */
export interface Suggestion {
  readonly label: string;
  readonly says: string;
}

const textOf = (given: string | MarkupContent | undefined): string =>
  given === undefined ? "" : typeof given === "string" ? given : given.value;

/** The YAML language server of editors, in a process of its own, which knows no address but files'. */
export class YamlLanguageServer {
  readonly #child: ChildProcess;
  readonly #connection;
  readonly #diagnostics = new Map<string, readonly Diagnostic[]>();
  readonly #waiting = new Map<string, () => void>();

  private constructor() {
    // What it asks of the network would fail here: no name resolves behind a proxy that is not there.
    this.#child = spawn(process.execPath, [server, "--stdio"], {
      env: { HTTPS_PROXY: "http://127.0.0.1:9", HTTP_PROXY: "http://127.0.0.1:9" },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const { stdin, stdout } = this.#child;
    if (stdin === null || stdout === null) throw new Error("the language server has no pipes");
    this.#connection = createProtocolConnection(
      new StreamMessageReader(stdout),
      new StreamMessageWriter(stdin),
    );
    this.#connection.onNotification(PublishDiagnosticsNotification.type, (told) => {
      this.#diagnostics.set(told.uri, told.diagnostics);
      this.#waiting.get(told.uri)?.();
    });
    // Its questions for settings are answered with none but these.
    this.#connection.onRequest("workspace/configuration", ({ items }: { items: unknown[] }) =>
      items.map((_item, index) =>
        index === 0
          ? { hover: true, completion: true, validate: true, schemaStore: { enable: false } }
          : null,
      ),
    );
    this.#connection.onRequest("client/registerCapability", () => null);
    this.#connection.listen();
  }

  static async start(folder: string): Promise<YamlLanguageServer> {
    const started = new YamlLanguageServer();
    const uri = pathToFileURL(folder).href;
    await started.#connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: uri,
      workspaceFolders: [{ uri, name: "repository" }],
      capabilities: {
        workspace: { configuration: true },
        textDocument: {
          hover: { contentFormat: ["markdown"] },
          completion: { completionItem: { documentationFormat: ["markdown"] } },
        },
      },
    });
    await started.#connection.sendNotification(InitializedNotification.type, {});
    return started;
  }

  /** Opens a document and answers what the server finds wrong with it. */
  async open(path: string, text: string): Promise<readonly Diagnostic[]> {
    const uri = pathToFileURL(path).href;
    const told = new Promise<void>((resolve) => this.#waiting.set(uri, resolve));
    await this.#connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: "yaml", version: 1, text },
    });
    await told;
    return this.#diagnostics.get(uri) ?? [];
  }

  async hover(path: string, line: number, character: number): Promise<string> {
    const answer = await this.#connection.sendRequest(HoverRequest.type, {
      textDocument: { uri: pathToFileURL(path).href },
      position: { line, character },
    });
    return answer === null || Array.isArray(answer.contents)
      ? ""
      : typeof answer.contents === "string"
        ? answer.contents
        : answer.contents.value;
  }

  async complete(path: string, line: number, character: number): Promise<readonly Suggestion[]> {
    const answer = await this.#connection.sendRequest(CompletionRequest.type, {
      textDocument: { uri: pathToFileURL(path).href },
      position: { line, character },
    });
    const items = Array.isArray(answer) ? answer : (answer?.items ?? []);
    return items.map(({ label, documentation }) => ({ label, says: textOf(documentation) }));
  }

  stop(): void {
    this.#connection.dispose();
    this.#child.kill();
  }
}
