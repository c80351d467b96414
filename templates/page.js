"use strict";
const status = document.getElementById("status");
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
for (const button of document.querySelectorAll(".copy")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await copied(button.parentElement.querySelector("annotation").textContent);
    button.focus();
    status.textContent = status.dataset.copied;
    button.textContent = status.dataset.copied;
    setTimeout(() => { button.textContent = "LaTeX"; status.textContent = ""; }, 1500);
  });
}
function opened(all) {
  for (const part of all) { part.open = true; }
}
addEventListener("beforeprint", () => opened(document.querySelectorAll("details")));
function arrived() {
  const target = document.getElementById(location.hash.slice(1));
  if (target) {
    opened(target.querySelectorAll(":scope > details"));
    for (let part = target.closest("details"); part; part = part.parentElement.closest("details")) { part.open = true; }
    target.scrollIntoView();
  }
}
addEventListener("hashchange", arrived);
arrived();
