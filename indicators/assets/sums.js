// From the numbers of the page to the rows of a figure, for one choice.

const Z95 = 1.959963984540054;
const MONTHS = DATA.months.map((_, at) => at);

// Approximate 95 % interval of a Poisson count (Byar; as indicators/measures.py).
function byar(count) {
  const over = count + 1;
  const high = over * (1 - 1 / (9 * over) + Z95 / (3 * Math.sqrt(over))) ** 3;
  const low = count > 0 ? count * (1 - 1 / (9 * count) - Z95 / (3 * Math.sqrt(count))) ** 3 : 0;
  return [Math.max(0, low), high];
}

// 95 % score interval of a proportion (Wilson; as indicators/measures.py).
function wilson(rate, trials) {
  const square = Z95 ** 2,
    centre = (rate + square / (2 * trials)) / (1 + square / trials);
  const half =
    (Z95 / (1 + square / trials)) * Math.sqrt((rate * (1 - rate)) / trials + square / (4 * trials ** 2));
  return [Math.max(0, Math.min(rate, centre - half)), Math.min(1, Math.max(rate, centre + half))];
}

// Values of a series by month; null where the letter of the status says that nothing was observed.
function monthly(letters, values) {
  return MONTHS.map((month) => (values && !"-L".includes(letters[month]) ? values[month] : null));
}

const status = (letters, month) => (DATA.status[letters[month]] || letters[month]).split(":")[0];
const inPeriod = (chosen, month) => chosen.period === "all" || DATA.months[month].startsWith(chosen.period);
const inYear = (chosen, year) => chosen.period === "all" || DATA.years[year] === chosen.period;
const ofKind = (chosen, kind) => chosen.kind === "all" || DATA.kinds[kind] === chosen.kind;
const ofGrade = (chosen, grade) => DATA.grades[grade] === chosen.grades;

// Inhabitants and the year the figure is of, in the year of a month or the last one shown.
function people(at, month) {
  const year =
    month === undefined ? DATA.years.length - 1 : DATA.years.indexOf(DATA.months[month].slice(0, 4));
  return DATA.places[at][3][year] || [null, null];
}

function overTime(chosen) {
  const rows = [];
  for (const [at, kind, grade, letters, sums, ...estimate] of DATA.cells) {
    if (at !== place.get(chosen.place) || !ofKind(chosen, kind) || !ofGrade(chosen, grade)) continue;
    const values = monthly(letters, sums),
      [corrected, below, above] = estimate.map((list) => list && monthly(letters, list));
    for (const month of MONTHS) {
      if (letters[month] === "-" || !inPeriod(chosen, month)) continue;
      const value = values[month],
        [low, high] = value === null ? [null, null] : byar(value);
      rows.push({
        panel: upper(words(DATA.kinds[kind])),
        kind: DATA.kinds[kind],
        month: DATA.months[month],
        value,
        low,
        high,
        corrected: corrected ? corrected[month] : null,
        corrected_low: below ? below[month] : null,
        corrected_high: above ? above[month] : null,
        status: status(letters, month),
      });
    }
  }
  return rows.sort((a, b) => a.panel.localeCompare(b.panel) || a.month.localeCompare(b.month));
}

// Sum of a series over the period; null where no month of it was observed.
function total(chosen, letters, sums) {
  const values = monthly(letters, sums || MONTHS.map(() => 0));
  const known = MONTHS.filter((month) => inPeriod(chosen, month) && values[month] !== null);
  return known.length ? known.reduce((sum, month) => sum + values[month], 0) : null;
}

function byKind(chosen) {
  const found = new Map();
  for (const [at, kind, grade, letters, sums] of DATA.cells) {
    if (at !== place.get(chosen.place) || !ofKind(chosen, kind)) continue;
    const id = DATA.kinds[kind];
    if (!found.has(id))
      found.set(id, {kind: id, name: upper(words(id)), core: 0, "core+adjacent": 0, any: 0});
    found.get(id)[DATA.grades[grade]] += total(chosen, letters, sums) ?? 0;
  }
  const rows = [...found.values()].sort((a, b) => b.any - a.any || a.name.localeCompare(b.name));
  for (const row of rows) row.share = row.any ? row[chosen.grades] / row.any : null;
  return rows;
}

function byCountry(chosen) {
  const found = new Map(byName.map(([code, name]) => [code, {code, name, value: null}]));
  for (const [at, kind, grade, letters, sums] of DATA.cells) {
    const row = found.get(DATA.places[at][0]);
    if (!row || !ofGrade(chosen, grade) || !ofKind(chosen, kind)) continue;
    const sum = total(chosen, letters, sums);
    if (sum !== null) row.value = (row.value ?? 0) + sum;
  }
  const rows = [...found.values()];
  for (const row of rows) {
    [row.people, row.year] = people(place.get(row.code));
    [row.low, row.high] = row.value === null ? [null, null] : byar(row.value);
    row.rate = row.value !== null && row.people ? (1e6 * row.value) / row.people : null;
    row.shown = chosen.map === "rate" ? row.rate : row.value;
    row.text =
      row.value === null
        ? "not observed"
        : `${number(row.value)} (${interval(row)})${row.rate === null ? "" : `, ${number(row.rate, 2)} per million`}`;
  }
  for (const [code, [x, y]] of Object.entries(SHAPES.markers)) {
    const row = rows.find((entry) => entry.code === code);
    const at = {x, y};
    if (row) Object.assign(row, at);
    else rows.push({code, name: code, value: null, shown: null, text: "not observed", unlisted: true, ...at});
  }
  return rows.sort((a, b) => (b.shown ?? -1) - (a.shown ?? -1) || a.name.localeCompare(b.name));
}

function byLabel(chosen, dimension) {
  const found = new Map(
    (DATA.members[dimension] || []).map((name) => [name, {name, full: 0, fractional: 0}]),
  );
  for (const [name, year, at, kind, grade, member, full, part] of DATA.labels) {
    if (
      name !== dimension ||
      at !== place.get(chosen.place) ||
      !ofKind(chosen, kind) ||
      !inYear(chosen, year)
    )
      continue;
    if (!ofGrade(chosen, grade)) continue;
    const row = found.get(DATA.members[dimension][member]);
    row.full += full ?? 0;
    row.fractional += part ?? 0;
  }
  const rows = [...found.values()].filter((row) => row.full);
  for (const row of rows) {
    row.value = row[chosen.counting];
    [row.low, row.high] = chosen.counting === "full" ? byar(row.full) : [null, null];
  }
  return rows.sort((a, b) => b.value - a.value || a.name.localeCompare(b.name));
}

function crossed(chosen) {
  const own = DATA.matrix.some((fact) => fact[1] === place.get(chosen.place));
  const at = own ? chosen.place : "WORLD";
  const found = new Map();
  for (const [year, where, kind, grade, area, technology, value] of DATA.matrix) {
    if (where !== place.get(at) || !ofKind(chosen, kind) || !inYear(chosen, year) || !ofGrade(chosen, grade))
      continue;
    const key = `${area}|${technology}`;
    const row = {area: DATA.members.area[area], technology: DATA.members.technology[technology], value: 0};
    if (!found.has(key)) found.set(key, row);
    found.get(key).value += value ?? 0;
  }
  const rows = [...found.values()].filter((row) => row.value);
  const total = (name, label) => rows.reduce((sum, row) => sum + (row[name] === label ? row.value : 0), 0);
  const order = (name) =>
    [...new Set(rows.map((row) => row[name]))].sort((a, b) => total(name, b) - total(name, a));
  const areas = order("area"),
    technologies = order("technology");
  rows.sort(
    (a, b) =>
      areas.indexOf(a.area) - areas.indexOf(b.area) ||
      technologies.indexOf(a.technology) - technologies.indexOf(b.technology),
  );
  return {rows, areas, technologies, place: at};
}

// Rows of measures by month; months that were not observed have a row without a value, which breaks the line.
function measured(chosen, wanted) {
  const rows = [];
  for (const [id, at, kind, grade, letters, sums, counts] of DATA.values) {
    const measure = DATA.measures[id];
    if (at !== place.get(chosen.place) || !ofGrade(chosen, grade) || !wanted(measure)) continue;
    const values = monthly(letters, sums);
    for (const month of MONTHS) {
      const value = values[month];
      if (!inPeriod(chosen, month)) continue;
      const n = counts ? counts[month] || value : value,
        [inhabitants] = people(at, month);
      const bounds =
        value === null
          ? [null, null]
          : measure.unit === "signals"
            ? byar(value)
            : measure.interval
              ? wilson(value, n)
              : [null, null];
      rows.push({
        measure,
        kind: DATA.kinds[kind],
        month: DATA.months[month],
        panel: panel(measure, kind),
        n,
        value,
        low: bounds[0],
        high: bounds[1],
        rate: measure.rate && inhabitants && value !== null ? (1e6 * value) / inhabitants : null,
        corrected: null,
        status: letters[month] === "-" ? "not observed" : status(letters, month),
      });
    }
  }
  return rows.sort(
    (a, b) =>
      DATA.measures.indexOf(a.measure) - DATA.measures.indexOf(b.measure) ||
      a.panel.localeCompare(b.panel) ||
      a.month.localeCompare(b.month),
  );
}

function panel(measure, kind) {
  const several = DATA.values.some((fact) => DATA.measures[fact[0]] === measure && fact[2] !== kind);
  const unit = measure.unit === "EUR" ? " (euro)" : "";
  return `${measure.title}${unit}${several ? `: ${words(DATA.kinds[kind])}` : ""}`;
}

function bySplit(chosen) {
  const found = new Map();
  for (const [id, dimension, member, year, at, kind, grade, value] of DATA.splits) {
    if (at !== place.get(chosen.place) || !inYear(chosen, year) || !ofGrade(chosen, grade)) continue;
    const measure = DATA.measures[id],
      name = DATA.members[dimension][member];
    if (!measure.themes.includes("funding")) continue;
    const key = `${id}|${dimension}|${name}|${kind}`;
    if (!found.has(key)) found.set(key, {measure, dimension, name, kind: DATA.kinds[kind], value: 0});
    found.get(key).value += value;
  }
  return [...found.values()];
}

function byCity(chosen) {
  const found = new Map();
  for (const [city, year, kind, grade, value] of DATA.cities) {
    const [code, ...name] = DATA.members.city[city].split("-");
    const inside =
      chosen.place === "WORLD" ||
      chosen.place === code ||
      (chosen.place === "EU27" && DATA.union.includes(code));
    if (!inside || !ofKind(chosen, kind) || !inYear(chosen, year) || !ofGrade(chosen, grade)) continue;
    const label = `${name.join("-")} (${code})`;
    found.set(label, (found.get(label) ?? 0) + value);
  }
  return [...found]
    .map(([name, value]) => ({name, value, low: byar(value)[0], high: byar(value)[1]}))
    .sort((a, b) => b.value - a.value || a.name.localeCompare(b.name))
    .slice(0, 20);
}
