// Puts the page together, and again whenever the address, the width or the colours change.

let shown = "";

function show() {
  const chosen = choice();
  for (const [name, value] of Object.entries(chosen)) {
    const field = document.querySelector(`[name="${name}"]`);
    if (field && field.value !== value && typeof value === "string") field.value = value;
  }
  const figures = JSON.stringify({...chosen, evidence: null, q: null});
  if (figures !== shown) {
    shown = figures;
    get("status").textContent = `Shown: ${said(chosen)}.`;
    for (const step of [numbers, timeline, mapped, labelled, funded, themed]) step(chosen);
  }
  evidence(chosen);
}

function jump(id) {
  get(id).scrollIntoView();
  get(id).focus({preventScroll: true});
}

for (const [name, options] of Object.entries(FILTERS)) {
  document
    .querySelector(`select[name="${name}"]`)
    .append(...options.map(([value, text]) => element("option", {value}, text)));
}
document.addEventListener("change", (event) => {
  if (event.target.name in FILTERS)
    location.hash = address({...choice(), [event.target.name]: event.target.value});
});
get("filters").addEventListener("reset", (event) => {
  event.preventDefault();
  location.hash = "";
});
get("search").addEventListener("submit", (event) => event.preventDefault());
get("search").addEventListener("input", (event) => {
  listed = 50;
  history.replaceState(null, "", address({...choice(), q: event.target.value}) || "#");
  evidence(choice());
});
get("more").addEventListener("click", () => {
  listed += 100;
  evidence(choice());
});
document.addEventListener("click", (event) => {
  const target = event.target.closest("a[data-jump], a[href='#coverage']");
  if (!target) return;
  event.preventDefault(); // the address holds the choice: a jump must not replace it
  jump(target.dataset.jump || "coverage");
});
window.addEventListener("hashchange", (event) => {
  listed = 50;
  const before = choice(new URL(event.oldURL).hash),
    now = choice();
  show();
  if (Object.keys(now.evidence).length && JSON.stringify(before.evidence) !== JSON.stringify(now.evidence))
    jump("evidence");
});

let width = window.innerWidth;
const redraw = () => {
  shown = "";
  show();
  networked();
};
window.addEventListener("resize", () => {
  if (window.innerWidth === width) return;
  width = window.innerWidth;
  clearTimeout(redraw.timer);
  redraw.timer = setTimeout(redraw, 200);
});
dark.addEventListener("change", redraw);
redraw();
