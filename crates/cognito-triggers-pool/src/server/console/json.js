// JSON as lines, and what an answer changed.

import { el } from "./dom.js";

/// The most lines of one value.
const MAX_LINES = 1500;

const child = (path, key) => `${path}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
const isBranch = (value) => value !== null && typeof value === "object";

/// An object whose members are in an order; those that the order doesn't have come last.
export function inOrder(object, order) {
  const rank = (name) => (order.includes(name) ? order.indexOf(name) : order.length);
  return Object.fromEntries(Object.entries(object).sort(([one], [other]) => rank(one) - rank(other)));
}

/// The paths of the leaves in `now` that `before` doesn't have, or has with another value.
export function changes(before, now, path = "", found = new Set()) {
  if (isBranch(now) && Array.isArray(now) === Array.isArray(before ?? null) && isBranch(before)) {
    for (const [key, value] of Object.entries(now)) changes(before[key], value, child(path, key), found);
  } else if (JSON.stringify(before) !== JSON.stringify(now)) {
    found.add(path);
  }
  return found;
}

/// The value as lines: `{ path, indent, parts }`, where a part is a class and a text.
function* lines(value, path, indent, key, comma) {
  const head = key === null ? [] : [["k", JSON.stringify(key)], ["p", ": "]];
  const tail = comma ? [["p", ","]] : [];
  if (isBranch(value) && Object.keys(value).length > 0) {
    const isArray = Array.isArray(value);
    yield { path, indent, parts: [...head, ["p", isArray ? "[" : "{"]] };
    const entries = Object.entries(value);
    for (const [index, [name, item]] of entries.entries()) {
      yield* lines(item, child(path, name), indent + 1, isArray ? null : name, index + 1 < entries.length);
    }
    yield { path, indent, parts: [["p", isArray ? "]" : "}"], ...tail] };
  } else {
    const kind = typeof value === "string" ? "s" : isBranch(value) ? "p" : "n";
    yield { path, indent, parts: [...head, [kind, JSON.stringify(value) ?? "null"], ...tail] };
  }
}

/// A value as a block. Lines whose path is among `marked`, or below one of them, get the class `mark`.
export function jsonBlock(value, marked = new Set(), mark = "changed", root = "") {
  const code = el("code");
  let count = 0;
  let within = null;
  for (const line of lines(value, root, 0, null, false)) {
    count += 1;
    if (count > MAX_LINES) {
      code.append(el("span", { class: "line p" }, "… the rest is too long to show; copy it instead"));
      break;
    }
    if (within !== null && line.path !== within && !line.path.startsWith(`${within}/`)) within = null;
    if (within === null && marked.has(line.path)) within = line.path;
    const parts = line.parts.map(([kind, text]) => el("span", { class: kind }, text));
    const tag = within === null ? "span" : mark === "before" ? "del" : "ins";
    const made = el(tag, { class: within === null ? "line" : `line ${mark}` }, "  ".repeat(line.indent), parts);
    code.append(made);
  }
  return el("pre", { class: "json", tabindex: "0" }, code);
}

/// The claims of a token, or null for a text that is none.
export function claims(token) {
  const part = typeof token === "string" ? token.split(".")[1] : undefined;
  if (part === undefined || token.split(".").length !== 3) return null;
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
