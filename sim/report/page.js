
"use strict";
// Draws the figures; on paper they get the width of a page, and what is folded away opens.
const given = JSON.parse(document.getElementById("figures").textContent);
const PAPER_PX = 660;
const folded = [];
const nodes = Object.entries(given.figures).map(([name, figure]) => {
  const node = document.getElementById("figure-" + name);
  const save = { name: "save", title: given.save, icon: Plotly.Icons.camera,
    click: (drawn) => Plotly.downloadImage(drawn, { format: "png", scale: 2, filename: "matrixsim-" + name,
      width: drawn.clientWidth, height: drawn.clientHeight }) };
  node.replaceChildren();
  Plotly.newPlot(node, figure.data, figure.layout,
    { responsive: true, displaylogo: false, scrollZoom: false, modeBarButtons: [[save]] });
  return node;
});
// What was drawn in a closed fold had no width.
document.querySelectorAll("details").forEach((fold) => fold.addEventListener("toggle", () => {
  nodes.filter((node) => fold.open && fold.contains(node)).forEach((node) => Plotly.Plots.resize(node));
}));
addEventListener("beforeprint", () => {
  document.querySelectorAll("details:not([open])").forEach((fold) => { fold.open = true; folded.push(fold); });
  nodes.forEach((node) => Plotly.relayout(node, { width: PAPER_PX, autosize: false }));
});
addEventListener("afterprint", () => {
  folded.splice(0).forEach((fold) => { fold.open = false; });
  nodes.forEach((node) => Plotly.relayout(node, { width: null, autosize: true }));
});
