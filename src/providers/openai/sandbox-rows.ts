import { base62, randomText } from "../../sandbox/random.js";

export interface PageRequest {
  /** The id behind which the page begins; undefined: at the first key. */
  after: string | undefined;
  limit: number;
  descending: boolean;
}

/** Keys by creation. Their ids sort so, which is why a page can begin behind a key that is gone. */
export class KeyRows<Row extends { readonly id: string }> {
  readonly #rows: Row[] = [];
  #made = 0;

  /** An id for a key that was created then, in seconds since the epoch. */
  newId(created: number): string {
    const digits = (count: number, length: number) => Math.max(0, count).toString(36).padStart(length, "0");
    return `key_${digits(created, 7)}${digits(this.#made++, 6)}${randomText(8, base62)}`;
  }

  add(row: Row): void {
    this.#rows.splice(this.#indexOf(row.id), 0, row);
  }

  get(id: string): Row | undefined {
    const row = this.#rows[this.#indexOf(id)];
    return row?.id === id ? row : undefined;
  }

  remove({ id }: Row): void {
    this.#rows.splice(this.#indexOf(id), 1);
  }

  /** All of them, the oldest first. */
  all(): readonly Row[] {
    return this.#rows;
  }

  /** One page of those that are listed, and whether another one follows. */
  page({ after, limit, descending }: PageRequest, isListed: (row: Row) => boolean = () => true) {
    const step = descending ? -1 : 1;
    const page: Row[] = [];
    for (let index = this.#startOf(after, step); page.length <= limit; index += step) {
      const row = this.#rows[index];
      if (row === undefined) break;
      if (isListed(row)) page.push(row);
    }
    return { rows: page.slice(0, limit), hasMore: page.length > limit };
  }

  #startOf(after: string | undefined, step: 1 | -1): number {
    if (after === undefined) return step === 1 ? 0 : this.#rows.length - 1;
    const index = this.#indexOf(after);
    if (step === -1) return index - 1;
    return this.#rows[index]?.id === after ? index + 1 : index;
  }

  /** Where this id stands, or would. */
  #indexOf(id: string): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#rows[middle]?.id ?? id) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
