// An issue as Markdown: the same sentences, tables, logs, commands and links for every tool.
//
// Invariant: tools differ in the heads of their files, in how a link is written and in the word after a fence; in nothing
// that a reader reads.

/** The lines of a log in which the issue is seen, and those of something similar that it is not. */
export function logs(issue) {
  const line = (level, message) => `${issue.when}:07 [${issue.category}] ${level} ${message}`;
  const clean = line("INFO", `${issue.message}, tried again`);
  switch (issue.kind) {
    case "pattern": return { match: [line("ERROR", `${issue.message} '${issue.object}'${coded(issue)}`), issue.stack], clean };
    case "texts": return { match: [line("ERROR", `${issue.message}: ${issue.exception}`), issue.stack], clean };
    case "either": return { match: [line("ERROR", `${issue.message} in ${issue.service}${coded(issue)}`), issue.stack], clean };
    case "sequence": return { match: [line("WARN", `${issue.second} on ${issue.service}`), line("ERROR", `${issue.message}${coded(issue)}`), issue.stack], clean };
    default: return { match: event(issue, issue.event), clean: event(issue, "9").join("\n") };
  }
}

const coded = (issue) => (issue.code ? `, error ${issue.code}` : "");

function event(issue, id) {
  return [`TimeCreated  : ${issue.when}:07`, `ProviderName : ${issue.service}`, `Id           : ${id}`, "Level        : 2",
    `Message      : ${issue.message}: ${issue.exception}${coded(issue)}`];
}

/** The body. `fence` is the word after a fence for `match`, `clean`, `text` and `powershell`; `link` is where another page is. */
export function body(issue, { fence, link }) {
  const { match, clean } = logs(issue);
  const block = (kind, lines, indent = "") => ["", `\`\`\`${fence[kind]}`, ...lines, "```", ""].map((line) => line && indent + line);
  const step = ({ text, command, output }, at) => [
    `${at + 1}. ${text}`,
    ...(command ? [...block("powershell", [command], "   "), ...block("text", [output], "   ").slice(1)] : [])
  ];
  const steps = (list) => list.flatMap(step).concat("");
  return [
    "## Symptom", "", issue.symptom, ...block("match", match),
    "## Cause", "", issue.cause, "", ...(issue.table ? [issue.table, ""] : []),
    "## Fix", "", ...steps(issue.fix),
    "## Verify", "", ...steps([issue.verify]),
    "## Not this", "", `What ${issue.difference[0]}:`, ...block("clean", clean.split("\n")),
    ...issue.look.map((other) => `- ${issue.difference[1]}: see [${other.title}](${link(other)}).`)
  ].join("\n").replace(/\n{3,}/g, "\n\n").trimEnd() + "\n";
}
