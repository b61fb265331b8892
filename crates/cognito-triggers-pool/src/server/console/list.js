// A list that draws only the rows that are seen, so that thousands cost as much as twenty.

import { el } from "./dom.js";

const HEIGHT = 56;
const AROUND = 6;

export class WindowedList {
  /// `draw(item)` returns the children of a row, `key(item)` what tells items apart, `pick(item)` is called when the user chooses a row.
  constructor(box, { open }) {
    this.box = box;
    this.open = open;
    this.rows = el("div", { class: "rows", role: "presentation" });
    this.drawn = new Map();
    this.items = [];
    this.selected = null;
    this.kind = null;
    box.replaceChildren(this.rows);
    box.addEventListener("scroll", () => this.#schedule(), { passive: true });
    box.addEventListener("keydown", (event) => this.#keydown(event));
    this.rows.addEventListener("click", (event) => {
      const row = event.target.closest(".row");
      const item = row && this.items.find((found) => this.kind.key(found) === row.dataset.key);
      if (item) {
        this.select(this.kind.key(item));
        this.kind.pick(item);
        this.open();
      }
    });
    new ResizeObserver(() => this.#schedule()).observe(box);
  }

  /// Shows other items, such as those of another tab.
  show(kind, items) {
    if (this.kind !== kind) {
      this.kind = kind;
      this.selected = null;
      this.#forget();
      this.box.setAttribute("aria-label", kind.label);
      this.box.scrollTop = 0;
    }
    this.update(items);
  }

  /// Replaces the items. What is seen stays where it is, unless the list is at its top.
  update(items) {
    const top = Math.floor(this.box.scrollTop / HEIGHT);
    const anchor = this.box.scrollTop > HEIGHT / 2 ? this.items[top] : undefined;
    const offset = this.box.scrollTop - top * HEIGHT;
    this.items = items;
    this.rows.style.height = `${items.length * HEIGHT}px`;
    if (anchor !== undefined) {
      const key = this.kind.key(anchor);
      const index = items.findIndex((item) => this.kind.key(item) === key);
      if (index >= 0 && index !== top) this.box.scrollTop = index * HEIGHT + offset;
    }
    this.#draw();
  }

  select(key) {
    this.selected = key;
    this.#draw();
  }

  /// Draws every row again, for instance because a name in them has changed.
  redraw() {
    this.#forget();
    this.#draw();
  }

  #forget() {
    for (const row of this.drawn.values()) row.remove();
    this.drawn.clear();
  }

  #schedule() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.#draw();
    });
  }

  #draw() {
    if (this.kind === null) return;
    const first = Math.max(0, Math.floor(this.box.scrollTop / HEIGHT) - AROUND);
    const last = Math.min(this.items.length, Math.ceil((this.box.scrollTop + this.box.clientHeight) / HEIGHT) + AROUND);
    const seen = new Set();
    for (let index = first; index < last; index += 1) {
      const item = this.items[index];
      const key = this.kind.key(item);
      seen.add(key);
      let row = this.drawn.get(key);
      if (row === undefined) {
        row = el("div", { class: "row", role: "option", id: `row-${this.kind.name}-${key.replace(/[^\w-]/g, "_")}` }, this.kind.draw(item));
        row.dataset.key = key;
        this.drawn.set(key, row);
      }
      // Screen readers read rows in the order of the document.
      const place = this.rows.children[index - first] ?? null;
      if (place !== row) this.rows.insertBefore(row, place);
      const isSelected = key === this.selected;
      row.style.transform = `translateY(${index * HEIGHT}px)`;
      row.setAttribute("aria-selected", String(isSelected));
      row.setAttribute("aria-posinset", String(index + 1));
      row.setAttribute("aria-setsize", String(this.items.length));
    }
    for (const [key, row] of this.drawn) {
      if (!seen.has(key)) {
        row.remove();
        this.drawn.delete(key);
      }
    }
    const active = this.drawn.get(this.selected);
    if (active) this.box.setAttribute("aria-activedescendant", active.id);
    else this.box.removeAttribute("aria-activedescendant");
  }

  #keydown(event) {
    const page = Math.max(1, Math.floor(this.box.clientHeight / HEIGHT) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    const current = this.items.findIndex((item) => this.kind.key(item) === this.selected);
    if (event.key === "Enter" || event.key === " ") {
      if (current >= 0) this.open(true);
    } else if (event.key in steps && !event.altKey && !event.ctrlKey && !event.metaKey && this.items.length > 0) {
      const wanted = current < 0 ? 0 : current + steps[event.key];
      const index = Math.min(Math.max(wanted, 0), this.items.length - 1);
      const item = this.items[index];
      if (index * HEIGHT < this.box.scrollTop) this.box.scrollTop = index * HEIGHT;
      if ((index + 1) * HEIGHT > this.box.scrollTop + this.box.clientHeight) this.box.scrollTop = (index + 1) * HEIGHT - this.box.clientHeight;
      this.select(this.kind.key(item));
      this.kind.pick(item);
    } else {
      return;
    }
    event.preventDefault();
  }
}
