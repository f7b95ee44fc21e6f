// Draws the specifications with the rows of the moment, in the reader's colours and width.

const dark = window.matchMedia("(prefers-color-scheme: dark)");
const drawn = new Map();

function colours() {
  const night = dark.matches;
  const ink = night ? "#e6eaf0" : "#1c2430",
    line = night ? "#38414d" : "#dde2e9";
  const ramp = night
    ? ["#1d3a55", "#2f6f9f", "#6fb3d9", "#d3ecf8"]
    : ["#e3eef7", "#9ecae1", "#3d8dc3", "#08306b"];
  return {
    background: "transparent",
    font: "system-ui, sans-serif",
    text: {color: ink},
    view: {stroke: null},
    axis: {
      labelColor: ink,
      titleColor: ink,
      gridColor: line,
      domainColor: ink,
      tickColor: ink,
      labelFontSize: 11,
    },
    legend: {labelColor: ink, titleColor: ink, labelFontSize: 11},
    header: {labelColor: ink, titleColor: ink, labelFontSize: 12},
    range: {ramp, heatmap: ramp},
  };
}

// Width that a figure leaves for the marks; `labels` is what the names beside the axis take.
function fitted(spec, name, host, rows) {
  const room = host.clientWidth - 4;
  if (name === "series") {
    spec.spec.width = Math.max(200, room - 62);
  } else if (name === "bars") {
    const labels = Math.min(190, Math.round(room * 0.42));
    spec.layer.forEach((layer) => {
      layer.encoding.y.axis.labelLimit = labels;
    });
    spec.width = Math.max(90, room - labels - 26);
  } else if (name === "europe") {
    spec.width = Math.max(240, Math.min(room - 12, 640));
    spec.height = spec.width;
  } else if (name === "network") {
    spec.width = Math.max(240, room - 20);
    spec.height = Math.min(460, Math.max(280, room * 0.75));
  } else if (name === "matrix") {
    const labels = room < 460 ? 110 : 190,
      columns = new Set(rows.map((row) => row.technology)).size;
    spec.layer.forEach((layer) => {
      layer.encoding.y.axis.labelLimit = labels;
    });
    // Room for the last slanted label; narrower than 30 a circle has no place: then the chart is scrolled.
    const step = Math.max(30, Math.min(48, Math.floor((room - labels - 130) / columns)));
    spec.width.step = step;
    spec.height.step = Math.min(step, 40);
  }
  return spec;
}

function draw(id, name, description, datasets) {
  const host = document.getElementById(`chart-${id}`);
  const rows = datasets.rows;
  drawn.get(id)?.then((result) => result?.finalize());
  if (!rows.some((row) => row.value !== null)) {
    drawn.delete(id);
    host.replaceChildren(element("p", {class: "empty"}, "Nothing was counted for this choice."));
    return;
  }
  // The blue of the marks is too dark on a dark page.
  const written = JSON.stringify(SPECS[name]).replaceAll("#0072B2", dark.matches ? "#56B4E9" : "#0072B2");
  const spec = fitted(JSON.parse(written), name, host, rows);
  Object.assign(spec, {datasets, description});
  const embed = () =>
    vegaEmbed(host, spec, {mode: "vega-lite", actions: false, renderer: "svg", config: colours()});
  drawn.set(
    id,
    embed()
      .then((result) => {
        // What the labels beside the axis really took is known only now: one more drawing if it was too much.
        const excess = host.querySelector("svg").getBoundingClientRect().width - host.clientWidth;
        if (excess < 1 || name === "matrix") return result;
        result.finalize();
        (spec.spec || spec).width -= Math.ceil(excess);
        return embed();
      })
      .catch((error) => {
        host.replaceChildren(
          element("p", {class: "empty"}, `The chart cannot be drawn: ${error}. See the table.`),
        );
      }),
  );
}
