"use strict";
// Draws the figures, and makes each side of the sheet small enough for its page.
const given = JSON.parse(document.getElementById("figures").textContent);
const LEAST = 0.5, STEP = 0.02;
const nodes = Object.entries(given.figures).map(([name, figure]) => {
  const node = document.getElementById("figure-" + name);
  node.replaceChildren();
  return Plotly.newPlot(node, figure.data, figure.layout, { staticPlot: true, responsive: false });
});
Promise.all([...nodes, document.fonts.ready]).then(async () => {
  for (const page of document.querySelectorAll(".page")) {
    const side = page.firstElementChild, spills = () => page.scrollHeight > page.clientHeight;
    for (let zoom = 1 - STEP; spills() && zoom > LEAST; zoom -= STEP) { side.style.zoom = zoom; }
    if (spills()) { page.style.height = "auto"; }  // a further page rather than lost words
  }
  await Promise.all([...document.querySelectorAll("figure > div")].map((node) => Plotly.Plots.resize(node)));
  document.documentElement.dataset.drawn = "yes";
});
