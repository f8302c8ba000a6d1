// How Allure 3 makes the report of a run. A plain object: importing "allure" does not resolve from this folder.
export default {
  name: "Connect HIL",
  appendHistory: false,
  hideLabels: ["host", "thread", "language", "package", "framework"],
  // Shown on the first page: the bench, and how late the harness's own cyclic frames were.
  variables: JSON.parse(process.env.RUN_VARIABLES ?? "{}"),
  globalAttachments: [process.env.COVERAGE_PAGE],
  categories: {
    rules: [
      { name: "Interlock: no test network", matchers: { statuses: ["broken"], message: /InterlockError/ }, groupByMessage: true },
      { name: "Inconclusive: too uncertain to say", matchers: { statuses: ["broken"], message: /Inconclusive/ }, groupByMessage: true },
      { name: "Car failed", matchers: { statuses: ["failed"] }, groupByMessage: true },
      { name: "Bench broken", matchers: { statuses: ["broken"] }, groupByMessage: true },
    ],
  },
  plugins: {
    awesome: {
      options: {
        reportName: "Connect HIL",
        reportLanguage: "en",
        // Opens from a folder by a double click; beyond about 2,000 results it needs too much memory.
        singleFile: process.env.SINGLE_FILE === "yes",
        groupBy: ["epic", "feature", "story"],
        // Chapters begin with their number: by name they stand as in the manual.
        defaultSortBy: "name,asc",
      },
    },
  },
};
