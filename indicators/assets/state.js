"use strict";
// The numbers of the page, and the reader's choice. The choice lives in the address after "#", so that it can
// be kept and passed on: place, kind, period, grades, counting, map; `e.*` narrows the evidence, `q` searches.

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const DATA = read("data-numbers"),
  SPECS = read("data-specs"),
  SHAPES = read("data-shapes");
const place = new Map(DATA.places.map((entry, at) => [entry[0], at]));
const words = (id) => id.replaceAll("_", " ").replaceAll("-", " ");
const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1);

const byName = [...DATA.places]
  .filter((entry) => entry[2] === "country")
  .sort((a, b) => (a[0] === "ZZ") - (b[0] === "ZZ") || a[1].localeCompare(b[1], "en"));
const FILTERS = {
  place: [...DATA.places.filter((entry) => entry[2] !== "country"), ...byName].map((entry) => [
    entry[0],
    entry[1],
  ]),
  kind: [["all", "All kinds"], ...DATA.kinds.map((kind) => [kind, upper(words(kind))])],
  period: [["all", "All months shown"], ...[...DATA.years].reverse().map((year) => [year, year])],
  grades: [
    ["core", "Core"],
    ["core+adjacent", "Core and adjacent"],
  ],
  counting: [
    ["full", "Full counts"],
    ["fractional", "Fractional counts"],
  ],
  map: [
    ["count", "Signals"],
    ["rate", "Signals per million inhabitants"],
  ],
};
if (place.has("WORLD")) FILTERS.place.sort((a, b) => (b[0] === "WORLD") - (a[0] === "WORLD"));

function choice(hash = location.hash) {
  const given = new URLSearchParams(hash.slice(1));
  const chosen = {evidence: {}, q: given.get("q") || ""};
  for (const [name, options] of Object.entries(FILTERS)) {
    const value = given.get(name);
    chosen[name] = options.some((option) => option[0] === value) ? value : (options[0] || [""])[0];
  }
  for (const [name, value] of given) if (name.startsWith("e.")) chosen.evidence[name.slice(2)] = value;
  return chosen;
}

function address(chosen, evidence = chosen.evidence) {
  const written = new URLSearchParams();
  for (const [name, options] of Object.entries(FILTERS)) {
    if (chosen[name] !== options[0]?.[0]) written.set(name, chosen[name]);
  }
  for (const [name, value] of Object.entries(evidence)) if (value) written.set(`e.${name}`, value);
  if (chosen.q) written.set("q", chosen.q);
  return `#${written}`;
}

// What a number was counted over; clicking it shows the signals that answer this.
function behind(chosen, more) {
  const evidence = {
    place: chosen.place,
    kind: chosen.kind,
    period: chosen.period,
    grades: chosen.grades,
    ...more,
  };
  if (evidence.place === "WORLD") delete evidence.place;
  for (const name of ["kind", "period"]) if (evidence[name] === "all") delete evidence[name];
  return address({...chosen, q: ""}, evidence);
}
