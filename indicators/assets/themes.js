// Funding, the system-level themes and the network: charts and tables.

const amount = (measure, value) =>
  measure.unit === "1" ? percent(value) : number(value, measure.unit === "EUR" ? 0 : 1);

// A stock has no month of its own: its evidence is all that is listed.
const valueColumn = (chosen) => ({
  title: "Value",
  number: true,
  text: (row) => amount(row.measure, row.value),
  href: (row) =>
    row.value
      ? behind(chosen, {kind: row.kind, period: row.measure.source === "flow" ? row.month : null})
      : null,
});

function funded(chosen) {
  const rows = measured(chosen, (measure) => measure.themes.includes("funding"));
  draw("funding", "series", `Calls, awards and money per month. ${said({...chosen, kind: null})}.`, {rows});
  table(
    "table-funding",
    "Funding by month",
    [
      {title: "Month", text: (row) => row.month},
      {title: "Measure", text: (row) => row.panel},
      valueColumn(chosen),
      {title: "Per million", number: true, text: (row) => number(row.rate, 2)},
      {title: "Rests on", number: true, text: (row) => number(row.n)},
      {title: "Status", text: (row) => row.status},
    ],
    rows.filter((row) => row.value !== null).sort((a, b) => b.month.localeCompare(a.month)),
  );
  table(
    "table-splits",
    "Awards by stage and by sector of the recipient",
    [
      {title: "Measure", text: (row) => row.measure.title},
      {title: "By", text: (row) => row.dimension},
      {title: "Of", text: (row) => words(row.name)},
      {
        title: "Value",
        number: true,
        text: (row) => amount(row.measure, row.value),
        href: (row) => behind(chosen, {kind: row.kind}),
      },
    ],
    bySplit(chosen),
  );
}

function themed(chosen) {
  const rows = new Map();
  for (const row of measured(chosen, (measure) => measure.themes.length).filter(
    (found) => found.value !== null,
  )) {
    const known = rows.get(row.panel) || {...row, total: 0};
    // The month that is not over says less than the one before it.
    if (row.month >= known.month && row.status !== "provisional") Object.assign(known, row);
    known.total += row.value ?? 0;
    rows.set(row.panel, known);
  }
  table(
    "table-themes",
    "Indicators of the themes",
    [
      {title: "Indicator", text: (row) => row.panel},
      {
        title: "Theme",
        text: (row) => row.measure.themes.map((theme) => DATA.themes[theme] || theme).join(", "),
      },
      {title: "Latest month", text: (row) => row.month},
      valueColumn(chosen),
      {
        title: "95 % interval",
        number: true,
        text: (row) =>
          row.low === null
            ? "–"
            : row.measure.unit === "1"
              ? `${percent(row.low)} to ${percent(row.high)}`
              : interval(row),
      },
      {
        title: "Sum of the period",
        number: true,
        text: (row) => (row.measure.source === "flow" ? amount(row.measure, row.total) : "–"),
      },
      {title: "What it is", text: (row) => row.measure.definition},
    ],
    [...rows.values()].sort((a, b) => DATA.measures.indexOf(a.measure) - DATA.measures.indexOf(b.measure)),
  );
}

function networked() {
  const {summary, nodes, links} = DATA.network;
  table(
    "table-network",
    "Connectedness",
    [
      {title: "Measure", text: (row) => row[0]},
      {title: "Value", number: true, text: (row) => (row[2] ? percent(row[1]) : number(row[1], 2))},
    ],
    summary,
  );
  const rows = nodes.map(([name, country, partners, community, x, y, url]) => ({
    name,
    country,
    partners,
    x,
    y,
    url,
    community: community && community <= 7 ? String(community) : "further",
    value: partners,
  }));
  draw(
    "network",
    "network",
    `Network of ${number(rows.length)} organisations; colours are communities, size is the number of partners.`,
    {
      rows,
      links: links.map(([a, b, weight]) => ({
        x: rows[a].x,
        y: rows[a].y,
        x2: rows[b].x,
        y2: rows[b].y,
        weight,
      })),
    },
  );
  table(
    "table-partners",
    "Organisations with the most partners",
    [
      {title: "Organisation", text: (row) => row.name, href: (row) => row.url},
      {title: "Country", text: (row) => row.country || "–"},
      {title: "Partners", number: true, text: (row) => number(row.partners)},
    ],
    [...rows].sort((a, b) => b.partners - a.partners).slice(0, 25),
  );
  table(
    "table-links",
    "Strongest links, with evidence",
    [
      {title: "Organisation", text: (row) => row[0]},
      {title: "Partner", text: (row) => row[1]},
      {title: "In common", number: true, text: (row) => number(row[2])},
      {title: "By", text: (row) => row[3]},
      {title: "For example", text: (row) => row[4][0] || "–", href: (row) => row[4][1]},
      {title: "Source, date", text: (row) => [row[4][2], row[4][3]].filter(Boolean).join(", ") || "–"},
    ],
    DATA.network.examples,
  );
}
