// Building the page. Texts become text nodes only: no value of the pool is ever parsed as HTML.

/// An element. A function among the attributes listens to the event of its name; null and false leave an attribute out.
export function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (name === "class") element.className = value;
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

export const byId = (id) => document.getElementById(id);

export function button(text, action, kind = "") {
  return el("button", { type: "button", class: `button ${kind}`.trim(), click: action }, text);
}

/// A card with a heading.
export function card(title, inside, { kind = "", level = "h3", extra = [] } = {}) {
  return el("section", { class: `card ${kind}`.trim() }, el("div", { class: "head" }, el(level, {}, title), extra), inside);
}

/// Names and values. A value may be a text or an element; what has no value is left out.
export function facts(pairs) {
  const known = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return el("dl", { class: "facts" }, known.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/// A time of day. `seconds` counts from 1970.
export const timeOfDay = (seconds) => clock.format(seconds * 1000);
export const fullTime = (seconds) => day.format(seconds * 1000);

/// Tells something to screen readers.
export function say(text) {
  byId("said").textContent = text;
}

/// Copies a text. The clipboard of the browser needs HTTPS or this machine, so there is an older way too.
export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el("textarea", { readonly: true, class: "hidden", "aria-hidden": "true" });
    area.value = text;
    (document.querySelector("dialog[open]") ?? document.body).append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  say(`${what} copied`);
}

/// A button that copies a text, and says so for a moment.
export function copyButton(label, what, text, kind = "") {
  const made = button(label, async () => {
    await copy(text(), what);
    made.textContent = "Copied";
    setTimeout(() => { made.textContent = label; }, 1500);
  }, kind);
  return made;
}

/// A dialog with a text to copy or to save as a file.
export function showText({ title, about, name, text, notes = [] }) {
  const dialog = byId("dialog");
  const area = el("textarea", { readonly: true, "aria-label": name, spellcheck: "false" });
  area.value = text;
  const save = () => {
    const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    el("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  };
  dialog.replaceChildren(
    el("h2", { id: "dialog-title" }, title),
    el("p", { class: "note" }, about),
    ...notes.map((note) => el("p", { class: "note" }, note)),
    area,
    el("div", { class: "actions" }, button("Close", () => dialog.close()), button(`Save ${name}`, save), copyButton("Copy", name, () => text, "main")),
  );
  dialog.showModal();
  area.setSelectionRange(0, 0);
  area.scrollTop = 0;
  dialog.querySelector(".main").focus();
}

/// A dialog that says why something can't be done.
export function showProblem(title, text) {
  const dialog = byId("dialog");
  dialog.replaceChildren(el("h2", { id: "dialog-title" }, title), el("p", { class: "problem" }, text), el("div", { class: "actions" }, button("Close", () => dialog.close(), "main")));
  dialog.showModal();
}

/// Asks the pool for JSON. Fails with the sentence of the pool.
export const getJson = (path, signal) => askJson("GET", path, undefined, signal);

/// The same with another method, and with a body of JSON.
export async function askJson(method, path, sent, signal) {
  const body = sent === undefined ? undefined : JSON.stringify(sent);
  const headers = { accept: "application/json", ...(body === undefined ? {} : { "content-type": "application/json" }) };
  return answered(await fetch(path, { method, headers, body, signal, credentials: "omit" }));
}

async function answered(answer) {
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.message ?? `status ${answer.status}`);
  return body;
}
