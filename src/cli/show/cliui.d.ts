/** cliui has no types of its own. What is used of it. */
declare module "cliui" {
  interface Column {
    text: string;
    /** In characters, padding included. */
    width: number;
    padding?: number[];
  }
  export default function cliui(options: { width: number }): {
    div(...columns: Column[]): unknown;
    toString(): string;
  };
}
