(() => {
  "use strict";
  const form = document.querySelector(".filters");
  const table = document.querySelector(".scores");
  document.getElementById("every-label").addEventListener("change", event => {
    table.classList.toggle("short", !event.target.checked);
  });
  const field = name => form.elements.namedItem(name);
  const output = form.querySelector("output");
  const pairButton = form.querySelector(".pair");
  const units = [...document.querySelectorAll(".unit")].map(unit => ({
    unit, count: unit.querySelector(".count"),
    errors: [...unit.querySelectorAll(".error")].map(error => ({
      error, data: error.dataset, text: error.textContent.toLowerCase(),
    })),
  }));
  const total = units.reduce((sum, each) => sum + each.errors.length, 0);
  let pair = null; // one cell of a confusion matrix: {gold, predicted}

  const fits = ({ data, text }, wanted) =>
    (!wanted.layer || data.layer === wanted.layer) &&
    (!wanted.label || data.gold === wanted.label || data.predicted === wanted.label) &&
    (!wanted.kind || data.kind === wanted.kind) &&
    (!wanted.unit || data.unit === wanted.unit) &&
    (!pair || (data.gold === pair.gold && data.predicted === pair.predicted)) &&
    (!wanted.text || text.includes(wanted.text));

  const apply = () => {
    const wanted = Object.fromEntries(["layer", "label", "kind", "unit", "text"].map(name => [name, field(name).value]));
    wanted.text = wanted.text.trim().toLowerCase();
    let shown = 0;
    for (const { unit, count, errors } of units) {
      let here = 0;
      for (const each of errors) {
        const fit = fits(each, wanted);
        each.error.hidden = !fit;
        here += fit;
      }
      unit.hidden = !here;
      count.textContent = here === errors.length ? here : `${here} of ${errors.length}`;
      shown += here;
    }
    output.textContent = shown === total ? `${total} errors` : `${shown} of ${total} errors`;
    document.querySelector(".none").hidden = shown > 0 || total === 0;
    pairButton.hidden = !pair;
    pairButton.textContent = pair ? `gold ${pair.gold}, predicted ${pair.predicted} ✕` : "";
  };

  form.addEventListener("input", apply);
  form.addEventListener("reset", () => { pair = null; setTimeout(apply); });
  pairButton.addEventListener("click", () => { pair = null; apply(); field("layer").focus(); });
  document.querySelectorAll(".matrix button").forEach(button => button.addEventListener("click", () => {
    form.reset();
    setTimeout(() => {
      pair = { gold: button.dataset.gold, predicted: button.dataset.predicted };
      field("layer").value = button.dataset.layer;
      apply();
      document.getElementById("errors").scrollIntoView();
      field("layer").focus({ preventScroll: true });
    });
  }));
  document.addEventListener("keydown", event => {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) {
      event.preventDefault();
      field("text").focus();
    }
  });
})();
