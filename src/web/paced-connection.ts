import { Duplex } from "node:stream";
import type { Socket } from "node:net";

/**
 * Node reads 64 KiB at once and parses them to their end, whatever becomes of the connection: with a byte a chunk that
 * is eleven thousand chunks. So much is parsed of one connection before the next has its turn: little
 * at first, which is all that most deliveries have.
 */
const firstBytes = 2 * 1024;
const mostBytesPerTurn = 16 * 1024;

/** A connection that hands on what it hears in small pieces, one at a turn, and nothing once it is destroyed. */
export class PacedConnection extends Duplex {
  readonly #socket: Socket;
  #rest: Buffer = Buffer.alloc(0);
  #bytesPerTurn = firstBytes;
  #isWanted = false;
  #isPlanned = false;

  constructor(socket: Socket) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#rest = chunk;
      socket.pause();
      this.#hand();
    });
    socket.on("end", () => this.push(null));
    socket.on("error", (error) => this.destroy(error));
    socket.on("close", () => this.destroy());
    socket.on("timeout", () => this.emit("timeout"));
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress;
  }

  setTimeout(ms: number): this {
    this.#socket.setTimeout(ms);
    return this;
  }

  /** What was written still goes out; then both directions are over. */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once("finish", () => this.destroy());
  }

  override _read(): void {
    this.#isWanted = true;
    if (this.#rest.length === 0) this.#socket.resume();
    else if (!this.#isPlanned) {
      this.#isPlanned = true;
      setImmediate(() => {
        this.#isPlanned = false;
        this.#hand();
      });
    }
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _writev(
    chunks: readonly { readonly chunk: Buffer }[],
    done: (error?: Error | null) => void,
  ): void {
    this.#socket.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#rest = Buffer.alloc(0);
    this.#socket.destroy();
    done(error);
  }

  #hand(): void {
    if (this.destroyed || !this.#isWanted || this.#rest.length === 0) return;
    this.#isWanted = false;
    const piece = this.#rest.subarray(0, this.#bytesPerTurn);
    this.#bytesPerTurn = Math.min(this.#bytesPerTurn * 2, mostBytesPerTurn);
    this.#rest = this.#rest.subarray(piece.length);
    this.push(piece);
  }
}
