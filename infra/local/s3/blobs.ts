import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";

/** Bytes on disk under random names: an object's key never becomes a path, so a hostile one cannot leave the folder. */
export class Blobs {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Writes and syncs before it answers; the row that names the blob is written after. */
  write(bytes: Buffer): string {
    const name = randomUUID();
    mkdirSync(dirname(this.#path(name)), { recursive: true });
    const file = openSync(this.#path(name), "wx", 0o600);
    try {
      for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    return name;
  }

  read(name: string): Buffer {
    return readFileSync(this.#path(name));
  }

  remove(name: string): void {
    rmSync(this.#path(name), { force: true });
  }

  #path(name: string) {
    return join(this.#directory, name.slice(0, 2), name);
  }
}
