/** `npm run docs`: the documentation as a static site in `site/`, which needs neither a server nor a network. */
import { relative } from "node:path";
import { buildSite } from "./docs/build-site.js";
import { DocsError } from "./docs/docs-error.js";
import { DocumentError } from "./documents/document-error.js";
import { projectRoot } from "./project/project.js";

const root = projectRoot();
try {
  const { folder, pages, bytes } = await buildSite(root);
  const megabytes = (bytes / 1_000_000).toFixed(1);
  console.log(`${pages} pages, ${megabytes} MB: open ${relative(root, folder)}/index.html`);
} catch (error) {
  if (!(error instanceof DocsError || error instanceof DocumentError)) throw error;
  console.error(error.problems.map((problem) => `✗ ${problem}`).join("\n"));
  console.error("\nNo site was written. What was in site/ is as it was.");
  process.exitCode = 1;
}
