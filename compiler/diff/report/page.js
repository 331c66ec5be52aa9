"use strict";
const search = document.querySelector("input[type=search]");
const filters = [...document.querySelectorAll("button[data-kind]")];
const changes = [...document.querySelectorAll("details.change")];
const none = document.getElementById("none");

function show() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const kind = filters.find((each) => each.getAttribute("aria-pressed") === "true").dataset.kind;
  let shown = 0;
  for (const change of changes) {
    const text = change.textContent.toLowerCase();
    const fits = !kind || change.dataset.kinds.split(" ").includes(kind);
    change.hidden = !(fits && words.every((word) => text.includes(word)));
    shown += change.hidden ? 0 : 1;
  }
  none.hidden = shown > 0;
}

function copied(button, text) {
  const before = button.textContent;
  button.textContent = text;
  setTimeout(() => { button.textContent = before; }, 1500);
}

async function copy(button) {
  const held = button.parentElement.querySelector("pre, code");
  try {
    await navigator.clipboard.writeText(held.textContent);
    copied(button, "copied");
  } catch {
    getSelection().selectAllChildren(held);
    copied(button, document.execCommand("copy") ? "copied" : "selected");
  }
}

if (search) {
  search.addEventListener("input", show);
  for (const filter of filters) {
    filter.addEventListener("click", () => {
      for (const each of filters) each.setAttribute("aria-pressed", String(each === filter));
      show();
    });
  }
  const every = document.getElementById("every");
  every.addEventListener("click", () => {
    const open = changes.some((change) => !change.hidden && !change.open);
    for (const change of changes) if (!change.hidden) change.open = open;
  });
  document.querySelector(".bar").hidden = false;
}
for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
const linked = location.hash && document.getElementById(location.hash.slice(1));
if (linked) linked.open = true;
