import { showStatus } from "./output.js";

/** Says how far the work on many keys is; of one key, nothing. */
export class Progress {
  readonly #what: string;
  readonly #total: number;
  #done = 0;

  constructor(what: string, total: number) {
    this.#what = what;
    this.#total = total;
    this.#show();
  }

  step(): void {
    this.#done++;
    this.#show();
  }

  end(): void {
    if (this.#total > 1) showStatus("");
  }

  #show(): void {
    if (this.#total > 1) showStatus(`${this.#what} ${this.#done} of ${this.#total} …`);
  }
}
