// Reports to the page around the frame what this page shows, some time after it was loaded.
(() => {
  const blocked = [],
    errors = [];
  addEventListener("securitypolicyviolation", (event) => blocked.push(event.blockedURI));
  addEventListener("error", (event) => errors.push(String(event.message)));
  addEventListener("unhandledrejection", (event) => errors.push(String(event.reason)));
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const text = (node) => node?.textContent ?? "";
  // What may be wider than the page: regions that scroll by themselves, and what is not shown.
  const scrolls = (node) => node.closest(".table, .chart[tabindex], .vh, .skip, select, [hidden]");

  function tooWide(room) {
    return all("body *:not(script):not(style)")
      .filter((node) => {
        const box = node.getBoundingClientRect();
        if (scrolls(node) || !box.width || !text(node).trim()) return false;
        const cut = node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflowX === "hidden";
        return box.right > room + 1 || box.left < -1 || (cut && node.clientWidth > 0);
      })
      .map((node) => [node.tagName, Math.round(node.getBoundingClientRect().right), text(node).slice(0, 60)]);
  }

  const chart = (host) => ({
    id: host.id,
    empty: !!host.querySelector(".empty"),
    name: host.getAttribute("aria-label"),
    role: host.getAttribute("role"),
    marks: all("svg path, svg text", host).length,
    group: text(document.getElementById(host.closest("figure")?.getAttribute("aria-labelledby"))),
    texts: all("svg text", host).map(text),
  });
  const unlabelled = (field) =>
    !(field.labels?.length || text(field).trim() || field.getAttribute("aria-label"));
  const cells = (table) => [...table.tBodies[0].rows].map((row) => [...row.cells].map(text));

  function look() {
    const room = document.documentElement.clientWidth;
    parent.postMessage(
      {
        width: room,
        page: document.documentElement.scrollWidth,
        over: tooWide(room),
        blocked,
        errors,
        requests: performance.getEntriesByType("resource").map((entry) => entry.name),
        charts: all(".chart").map(chart),
        unlabelled: all("select, input, button").filter(unlabelled).length,
        tables: Object.fromEntries(all("table").map((table) => [text(table.caption), cells(table)])),
        links: all("td a, .tile a").map((anchor) => anchor.getAttribute("href")),
        listed: all("#evidence-list li").map(text),
        filter: text(document.getElementById("evidence-filter")),
        status: text(document.getElementById("status")),
        fields: Object.fromEntries(all("select").map((field) => [field.name, field.value])),
      },
      "*",
    );
  }
  addEventListener("load", () => setTimeout(look, 6000)); // virtual time: no one waits
})();
