"use strict";
const byId = (id) => document.getElementById(id);
const status = byId("status");

/* --- copying ---------------------------------------------------------------------------------------------------- */

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

/* --- folding ---------------------------------------------------------------------------------------------------- */

const [, solutions] = document.querySelectorAll("ul.questions");
if (solutions) {
  const intro = solutions.previousElementSibling;
  const folded = document.createElement("details");
  const title = document.createElement("summary");
  title.append(...intro.childNodes);
  folded.append(title);
  intro.replaceWith(folded);
  folded.append(solutions);
}

const sections = [...document.querySelectorAll("section > details")];
const fold = byId("fold");
function opened(all, open = true) {
  for (const part of all) { part.open = open; }
}
if (fold) {
  fold.hidden = !sections.length;
  fold.addEventListener("click", () => {
    const open = fold.getAttribute("aria-pressed") === "true";
    opened(sections, open);
    fold.setAttribute("aria-pressed", String(!open));
  });
}
addEventListener("beforeprint", () => opened(document.querySelectorAll("details")));
function arrived() {
  const target = byId(decodeURIComponent(location.hash.slice(1)));
  if (target) {
    opened(target.querySelectorAll(":scope > details"));
    for (let part = target.closest("details"); part; part = part.parentElement.closest("details")) { part.open = true; }
    target.scrollIntoView();
  }
}
addEventListener("hashchange", arrived);
arrived();

/* --- where a number comes from and where it goes ------------------------------------------------------------------ */

/* A record: [address, number of the whole array, colour, symbol, figure, ...lines of the formula]. In a line §n; and ¶n;
   are the symbol of record n, ¤n; its figure; « stands for <. */
const holder = byId("answers");
const records = holder ? JSON.parse(holder.textContent) : [];
const shown = holder ? Number(holder.dataset.shown) : 0;
const [SYMBOL, FIGURE, LINES] = [3, 4, 5];
const main = byId("main");
const html = (text) => text.replaceAll("«", "<");
const numberOf = (element) => Number(element.dataset.q.slice(1));

function spelled(number, part) {
  const text = html(records[number][part] || records[number][SYMBOL]);
  return text.replace(/^<\w+/, `$& data-q="${records[number][2]}${number}"`);
}
function filled(line) {
  return html(line).replace(/([§¶¤])(\d+);/g, (_, sign, number) => spelled(Number(number), sign === "¤" ? FIGURE : SYMBOL));
}
function lawOf(number) {
  const [first, ...others] = records[number].slice(LINES);
  const next = others.findIndex((line) => !line.startsWith("«mtd>«/mtd>"));
  return first ? [first, ...others.slice(0, next < 0 ? others.length : next)] : [];
}

const inputs = records.map((record, number) => {
  const found = new Set();
  for (const line of record.slice(LINES)) {
    for (const match of line.matchAll(/[§¶¤](\d+);|data-q="\w(\d+)"/g)) { found.add(Number(match[1] ?? match[2])); }
  }
  found.delete(number);
  return found;
});
const outputs = records.map(() => new Set());
inputs.forEach((found, number) => { for (const input of found) { outputs[input].add(number); } });

const places = records.map(() => []);
for (const element of main.querySelectorAll("[data-q]")) { places[numberOf(element)].push(element); }
const entries = records.map(() => []);
records.forEach((record, number) => { if (record[1] !== number) { entries[record[1]].push(number); } });

const key = byId("key");
let lit = [];
function marked(number, name, into) {
  for (const one of [number, ...entries[number]]) {
    for (const element of [...places[one], ...(into?.querySelectorAll(`[data-q$="${one}"]`) ?? [])]) {
      if (numberOf(element) === one && !element.classList.contains("same")) {
        element.classList.add(name);
        lit.push(element);
      }
    }
  }
}
function dark() {
  for (const element of lit) { element.classList.remove("same", "from", "to"); }
  lit = [];
  key.hidden = true;
}
function light(number, into = answer) {
  dark();
  marked(number, "same", into);
  for (const input of inputs[number]) { marked(input, "from", into); }
  for (const output of outputs[number]) { marked(output, "to", into); }
  key.hidden = false;
}
function target(event) {
  const element = event.target.closest?.("[data-q]");
  return element && (main.contains(element) || answer.contains(element)) && !element.closest("a, summary") ? element : null;
}

/* --- the derivation of one entry ----------------------------------------------------------------------------------- */

const answer = byId("answer");
const back = byId("answer-back");
const trail = [];
function section(title, content) {
  const part = document.createElement("div");
  const heading = document.createElement("h3");
  heading.textContent = title;
  part.append(heading, content);
  return part;
}
function links(numbers) {
  const list = document.createElement("p");
  list.className = "links";
  for (const number of numbers) {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", nameOf(number));
    button.innerHTML = `<math>${spelled(number, SYMBOL)}</math>`;
    button.addEventListener("click", () => ask(number));
    list.append(button);
  }
  return list;
}
function equation(lines) {
  const block = document.createElement("div");
  block.className = "equation";
  const rows = lines.map((line) => `<mtr>${filled(line)}</mtr>`).join("");
  block.innerHTML = `<div class="wide"><math display="block"><mtable class="lines" displaystyle="true">${rows}</mtable></math></div>`;
  return block;
}
function show(number) {
  const [address, whole, , , figure, ...lines] = records[number];
  byId("answer-name").innerHTML = `<math>${spelled(number, SYMBOL)}</math>`;
  if (figure) { byId("answer-name").innerHTML += ` <math><mo>=</mo>${spelled(number, FIGURE)}</math>`; }
  byId("answer-name").setAttribute("aria-label", nameOf(number));
  byId("answer-address").innerHTML = html(address);
  const body = byId("answer-body");
  body.replaceChildren();
  if (lines.length) {
    body.append(equation(whole === number ? lines : [...lawOf(whole), ...lines]));
  } else if (number < shown) {
    const given = document.createElement("p");
    given.textContent = answer.dataset.given;
    body.append(given);
  }
  const next = [...outputs[number]].filter((output) => number === whole || records[output][1] !== output);
  if (next.length) { body.append(section(answer.dataset.next, links(next))); }
  back.hidden = trail.length < 2;
  reachable(body);
  light(number, null);
}
function ask(number) {
  if (trail.at(-1) !== number) { trail.push(number); }
  show(number);
  if (!answer.open) { answer.showModal(); }
  answer.scrollTop = 0;
  byId("answer-close").focus();
}
back.addEventListener("click", () => { trail.pop(); show(trail.at(-1)); byId("answer-close").focus(); });
byId("answer-close").addEventListener("click", () => answer.close());
answer.addEventListener("click", (event) => { if (event.target === answer) { answer.close(); } });
answer.addEventListener("close", () => { trail.length = 0; });

/* --- pointer and keyboard: a formula is a stop, arrows lead through its numbers ------------------------------------- */

const cursors = new WeakMap();
function nameOf(number) {
  const name = document.createElement("span");
  name.innerHTML = html(records[number][0] + (records[number][FIGURE] ? " = " + records[number][FIGURE] : ""));
  return name.textContent;
}
function reachable(part) {
  for (const box of part.querySelectorAll(".equation > .wide")) {
    if (box.querySelector("[data-q]")) {
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", answer.dataset.formula);
      box.setAttribute("aria-describedby", "keys");
    }
  }
}
function formula(event) {
  const box = event.target.closest?.(".equation > .wide");
  return box && box === event.target && box.querySelector("[data-q]") ? box : null;
}
function moved(box, step) {
  const all = [...box.querySelectorAll("[data-q]")];
  const place = Math.min(Math.max((cursors.get(box) ?? 0) + step, 0), all.length - 1);
  cursors.set(box, place);
  const element = all[place];
  element.scrollIntoView({ block: "nearest", inline: "nearest" });
  light(numberOf(element));
  for (const other of box.querySelectorAll(".cursor")) { other.classList.remove("cursor"); }
  element.classList.add("cursor");
  status.textContent = nameOf(numberOf(element));
  return element;
}
const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };
addEventListener("keydown", (event) => {
  if (event.key === "Escape") { dark(); return; }
  const box = formula(event);
  if (!box || event.ctrlKey || event.altKey || event.metaKey) { return; }
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    ask(numberOf(moved(box, 0)));
  } else if (event.key in steps) {
    event.preventDefault();
    moved(box, steps[event.key]);
  }
});
addEventListener("focusin", (event) => {
  const box = formula(event);
  if (box && box.matches(":focus-visible")) { moved(box, 0); }
});
addEventListener("focusout", (event) => {
  const box = formula(event);
  for (const element of box ? box.querySelectorAll(".cursor") : []) { element.classList.remove("cursor"); }
});
addEventListener("pointerover", (event) => {
  const element = target(event);
  if (element) { light(numberOf(element)); } else if (!answer.open) { dark(); }
});
addEventListener("click", (event) => {
  const element = target(event);
  if (element && !event.target.closest("button") && getSelection().isCollapsed) { ask(numberOf(element)); }
});
if (records.length) {
  reachable(main);
  document.body.classList.add("asked");
}
function fitted() {
  for (const box of document.querySelectorAll(".wide:not([role])")) {
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
    } else {
      box.removeAttribute("tabindex");
    }
  }
}
addEventListener("resize", fitted);
fitted();
