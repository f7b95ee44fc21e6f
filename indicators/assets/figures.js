// The figures that follow the choice: each draws its chart and writes the table beside it.

const get = (id) => document.getElementById(id);
const said = (chosen) =>
  ["place", "kind", "period", "grades"]
    .map((name) => FILTERS[name].find((option) => option[0] === chosen[name])?.[1])
    .filter(Boolean)
    .join(", ");

function numbers(chosen) {
  const rows = byKind(chosen),
    sum = (name) => rows.reduce((total, row) => total + row[name], 0);
  const core = sum("core"),
    wider = sum("core+adjacent"),
    all = sum("any");
  const tile = (value, label, href) =>
    element(
      "div",
      {class: "tile"},
      element("b", {}, href && value !== "–" ? link(value, href, " show the signals") : value),
      element("span", {}, label),
    );
  get("tiles").replaceChildren(
    tile(number(core), "core signals", behind(chosen, {grades: "core"})),
    tile(number(wider), "core and adjacent signals", behind(chosen, {grades: "core+adjacent"})),
    tile(number(all), "signals of any relevance", "#coverage"),
    tile(percent(all ? core / all : null), "share of core signals"),
  );
  const evidenceOf = (grades) => (row) => (row[grades] ? behind(chosen, {kind: row.kind, grades}) : null);
  table(
    "table-numbers",
    "Signals by kind",
    [
      {title: "Kind", text: (row) => row.name},
      {title: "Core", number: true, text: (row) => number(row.core), href: evidenceOf("core")},
      {
        title: "Core and adjacent",
        number: true,
        text: (row) => number(row["core+adjacent"]),
        href: evidenceOf("core+adjacent"),
      },
      {title: "Any", number: true, text: (row) => number(row.any)},
      {
        title: `Share of ${chosen.grades === "core" ? "core" : "core and adjacent"}`,
        number: true,
        text: (row) => percent(row.share),
      },
    ],
    rows,
  );
  const letters = DATA.cells
    .filter((cell) => DATA.grades[cell[2]] === "core" && DATA.places[cell[0]][2] === "country")
    .map((cell) => cell[3].replaceAll("-", ""))
    .join("");
  const parts = Object.entries(DATA.status)
    .map(([letter, meaning]) => [letters.split(letter).length - 1, meaning])
    .filter(([count]) => count)
    .map(([count, meaning]) => `${percent(count / letters.length)} ${meaning}`);
  get("observed").textContent =
    `Of ${number(letters.length)} combinations of country, kind and month: ${parts.join("; ")}.`;
}

function timeline(chosen) {
  const rows = overTime(chosen);
  const panels = new Set(rows.filter((row) => row.value !== null).map((row) => row.panel));
  draw("time", "series", `Signals per month with 95 % intervals. ${said(chosen)}.`, {
    rows: rows.filter((row) => panels.has(row.panel)),
  });
  const corrected = rows.some((row) => row.corrected !== null);
  table(
    "table-time",
    "Signals by month and kind",
    [
      {title: "Month", text: (row) => row.month},
      {title: "Kind", text: (row) => row.panel},
      {
        title: "Signals",
        number: true,
        text: (row) => number(row.value),
        href: (row) => (row.value ? behind(chosen, {kind: row.kind, period: row.month}) : null),
      },
      {title: "95 % interval", number: true, text: (row) => interval(row)},
      ...(corrected
        ? [
            {
              title: "Corrected",
              number: true,
              text: (row) =>
                row.corrected === null
                  ? "–"
                  : `${number(row.corrected, 1)} (${interval({low: row.corrected_low, high: row.corrected_high})})`,
            },
          ]
        : []),
      {title: "Status", text: (row) => row.status},
    ],
    [...rows].sort((a, b) => b.month.localeCompare(a.month) || a.panel.localeCompare(b.panel)),
  );
}

function mapped(chosen) {
  const rows = byCountry(chosen);
  draw(
    "map",
    "europe",
    `Map of Europe: ${chosen.map === "rate" ? "signals per million inhabitants" : "signals"} by country. ` +
      `${said({...chosen, place: null})}.`,
    {rows, shapes: SHAPES},
  );
  table(
    "table-map",
    "Signals by country",
    [
      {title: "Country", text: (row) => row.name},
      {
        title: "Signals",
        number: true,
        text: (row) => number(row.value),
        href: (row) => (row.value ? behind(chosen, {place: row.code}) : null),
      },
      {title: "95 % interval", number: true, text: (row) => interval(row)},
      {title: "Per million", number: true, text: (row) => number(row.rate, 2)},
      {
        title: "Population",
        number: true,
        text: (row) => (row.people ? `${number(row.people / 1e6, 1)} M (${row.year})` : "–"),
      },
    ],
    rows.filter((row) => !row.unlisted),
  );
  const cities = byCity(chosen);
  draw("cities", "bars", `Signals by city, at most twenty. ${said(chosen)}.`, {rows: cities});
  table(
    "table-cities",
    "Signals by city",
    [
      {title: "City", text: (row) => row.name},
      {title: "Signals", number: true, text: (row) => number(row.value)},
      {title: "95 % interval", number: true, text: (row) => interval(row)},
    ],
    cities,
  );
}

function labelled(chosen) {
  for (const dimension of ["area", "trend", "technology"]) {
    const rows = byLabel(chosen, dimension),
      title = `Signals by ${dimension}`;
    draw(dimension, "bars", `${title}, ${chosen.counting} counting. ${said(chosen)}.`, {rows});
    table(
      `table-${dimension}`,
      title,
      [
        {title: upper(dimension), text: (row) => row.name},
        {
          title: "Full",
          number: true,
          text: (row) => number(row.full),
          href: (row) => behind(chosen, {[dimension]: row.name}),
        },
        {title: "Fractional", number: true, text: (row) => number(row.fractional, 1)},
        {title: "95 % interval", number: true, text: (row) => interval(row)},
      ],
      rows,
    );
  }
  const found = crossed(chosen);
  get("note-matrix").textContent =
    "Circles are as large as the number of signals that have both labels." +
    (found.place === chosen.place ? "" : " Shown for all places: this table is not made by country.");
  draw(
    "matrix",
    "matrix",
    `Signals that have both an area and a technology. ${said({...chosen, place: found.place})}.`,
    {rows: found.rows},
  );
  table(
    "table-matrix",
    "Signals by area and technology",
    [
      {title: "Area", text: (row) => row.name},
      ...found.technologies.map((technology) => ({
        title: technology,
        number: true,
        text: (row) => number(row[technology] ?? 0),
        href: (row) =>
          row[technology] ? behind({...chosen, place: found.place}, {area: row.name, technology}) : null,
      })),
    ],
    found.areas.map((name) =>
      Object.fromEntries([
        ["name", name],
        ...found.rows.filter((row) => row.area === name).map((row) => [row.technology, row.value]),
      ]),
    ),
  );
}
