// Numbers as text, tables, and the list of evidence.

const PRINTED = 40; // rows of a table on paper; the rest is on the screen and in the export
const formats = new Map();

function number(value, digits = 0) {
  if (value === null || value === undefined) return "–";
  const places = Number.isInteger(value) ? 0 : digits;
  if (!formats.has(places)) {
    formats.set(
      places,
      new Intl.NumberFormat("en", {minimumFractionDigits: places, maximumFractionDigits: places}),
    );
  }
  return formats.get(places).format(value);
}

const percent = (value) => (value === null || value === undefined ? "–" : `${number(100 * value, 1)} %`);
// Bounds below a hundred with one decimal.
const bound = (value) => number(value < 100 ? value : Math.round(value), 1);
const interval = (row) =>
  row.low === null || row.low === undefined ? "–" : `${bound(row.low)} to ${bound(row.high)}`;

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

function link(text, href, spoken) {
  return element("a", {href}, text, element("span", {class: "vh"}, spoken));
}

// Columns: title, text(row), number (right-aligned), href(row) (address of the evidence).
function table(host, caption, columns, rows) {
  const target = document.getElementById(host);
  if (!rows.length) {
    target.replaceChildren(element("p", {class: "note"}, `${caption}: nothing was counted for this choice.`));
    return;
  }
  const head = element(
    "tr",
    {},
    ...columns.map((column) =>
      element("th", {scope: "col", class: column.number ? "number" : null}, column.title),
    ),
  );
  const body = rows.map((row, at) =>
    element(
      "tr",
      {class: at < PRINTED ? null : "later"},
      ...columns.map((column, place) => {
        const text = column.text(row),
          href = column.href && text !== "–" ? column.href(row) : null;
        return element(
          place ? "td" : "th",
          {
            scope: place ? null : "row",
            class: column.number ? "number" : text.length < 10 ? "short" : text.length > 60 ? "long" : null,
          },
          href ? (href.startsWith("#") ? link(text, href, " show the signals") : outside(text, href)) : text,
        );
      }),
    ),
  );
  const made = element(
    "table",
    {},
    element("caption", {}, caption),
    element("thead", {}, head),
    element("tbody", {}, ...body),
  );
  target.replaceChildren(
    element("div", {class: "table", tabindex: "0", role: "region", "aria-label": `${caption}, table`}, made),
  );
}

const outside = (text, href) => element("a", {href, rel: "noopener noreferrer nofollow"}, text);

let listed = 50;

function evidence(chosen) {
  const {grades, kind, place: code, period, area, trend, technology} = chosen.evidence;
  const needle = chosen.q.toLowerCase();
  const term = (label) => DATA.evidence.terms.indexOf(label);
  const wanted = [
    [area, 7],
    [trend, 8],
    [technology, 9],
  ]
    .filter(([label]) => label)
    .map(([label, at]) => [term(label), at]);
  const rows = DATA.evidence.rows.filter(
    (row) =>
      (!kind || row[4] === kind) &&
      (!code || (code === "EU27" ? DATA.union.includes(row[5]) || row[5] === "EU" : row[5] === code)) &&
      (!period || row[3].startsWith(period)) &&
      (!grades || grades === "core+adjacent" || row[6] === grades) &&
      wanted.every(([label, at]) => row[at].includes(label)) &&
      (!needle ||
        [row[0], DATA.evidence.sources[row[2]], row[10]].some((text) => text.toLowerCase().includes(needle))),
  );
  const parts = [
    kind && words(kind),
    code && placeName(code),
    period,
    area,
    trend && `trend ${trend}`,
    technology,
    grades,
  ].filter(Boolean);
  const target = document.getElementById("evidence-filter");
  target.replaceChildren(
    element(
      "strong",
      {},
      `${number(rows.length)} of the ${number(DATA.evidence.rows.length)} signals on this page`,
    ),
    parts.length ? ` for: ${parts.join(", ")}. ` : ". ",
    parts.length ? element("a", {href: `${address({...chosen, q: ""}, {})}`}, "Show all") : "",
    ` The database holds ${number(DATA.evidence.total)} core and adjacent signals; the full list of a number: `,
    element("code", {}, command(chosen.evidence)),
    ".",
  );
  document
    .getElementById("evidence-list")
    .replaceChildren(
      ...rows
        .slice(0, listed)
        .map((row) =>
          element(
            "li",
            {},
            row[1] ? outside(row[0], row[1]) : row[0],
            element(
              "span",
              {class: "facts"},
              [
                row[3] || "no date",
                words(row[4]),
                placeName(row[5]),
                row[10],
                `source ${DATA.evidence.sources[row[2]]}`,
                row[6],
              ]
                .filter(Boolean)
                .join(" · "),
            ),
          ),
        ),
    );
  document.getElementById("more").hidden = rows.length <= listed;
}

const placeName = (code) => (place.has(code) ? DATA.places[place.get(code)][1] : code);

function command({kind, place: code, period, area, trend, technology, grades}) {
  const quoted = (text) => (/^[\w+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
  const where = Object.entries({
    kind,
    area,
    trend,
    technology,
    grade: grades === "core" ? "core" : null,
    country: code === "EU27" ? null : code,
  }).filter(([, value]) => value);
  const since = period && ` --since ${period}${period.length === 4 ? "-01" : ""}-01`;
  return `dsi items${where.map(([name, value]) => ` --where ${quoted(`${name}=${value}`)}`).join("")}${since || ""}`;
}
