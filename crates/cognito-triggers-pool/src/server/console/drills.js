// Drills: a dialog that plans what goes wrong next, and shows what waits.

import { askJson, button, byId, el, getJson, say } from "./dom.js";

const KINDS = [["trigger", "The function of a trigger"], ["delivery", "The delivery of a message"], ["operation", "An operation of the API"]];

const option = (value, text = value) => el("option", { value }, text);
const select = (id, options) => el("select", { id, name: id }, options);
const input = (id, attributes) => el("input", { id, name: id, autocomplete: "off", spellcheck: "false", ...attributes });
/// A field with its label. `only` says for which kinds it is.
const row = (field, text, only, note) => {
  const made = el("div", { class: "row-of-form" }, el("label", { for: field.id }, text), field, note && el("span", { class: "note" }, note));
  made.dataset.only = only;
  return made;
};

/// A drill in a line, as the form has it.
export function drillText(drill) {
  const what = drill.trigger === "delivery" ? "A message can't be delivered" : drill.trigger ? `${drill.trigger}: ${drill.how}` : `${drill.operation}: ${drill.exception}`;
  const about = [
    drill.ms && `${drill.ms} ms`,
    drill.message,
    drill.source && `only ${drill.source}`,
    drill.trigger && drill.operation && `only in ${drill.operation}`,
    (drill.times ?? 1) > 1 && `${drill.times} times`,
  ];
  return [what, ...about.filter(Boolean)].join(" · ");
}

export class DrillDialog {
  /// `opener` is the button in the bar, `dialog` the one of the page. `changed(drills)` is called when this page has changed them.
  constructor(opener, dialog, { changed }) {
    Object.assign(this, { dialog, changed, choices: null, shown: null, kind: null });
    opener.addEventListener("click", () => this.#open());
    // Its choices are hundreds of elements, which a closed dialog doesn't need.
    dialog.addEventListener("close", () => byId("drills-waiting") && dialog.replaceChildren());
  }

  /// Shows the drills that wait, if the dialog is open.
  show(drills) {
    const list = byId("drills-waiting");
    const key = JSON.stringify(drills);
    if (list === null || this.shown === key) return;
    this.shown = key;
    const items = drills.map((drill) => el("li", {}, drillText(drill)));
    list.replaceChildren(...(items.length > 0 ? items : [el("li", { class: "note" }, "No drill waits.")]));
    byId("drills-clear").disabled = drills.length === 0;
  }

  async #open() {
    try {
      this.choices ??= await getJson("/_dev/fail/choices");
      const { drills } = await getJson("/_dev/fail");
      this.#draw();
      this.dialog.showModal();
      this.changed(drills);
      byId("drill-kind").focus();
    } catch (error) {
      say(error.message);
    }
  }

  #draw() {
    const { triggers, faults, operations } = this.choices;
    const names = Object.keys(operations);
    this.form = el("form", { class: "form", submit: (event) => this.#submit(event), change: () => this.#choose() },
      row(select("drill-kind", KINDS.map(([value, text]) => option(value, text))), "What goes wrong", "trigger delivery operation"),
      row(select("drill-trigger", Object.keys(triggers).map((key) => option(key))), "Trigger", "trigger"),
      row(select("drill-how", faults.map(({ how }) => option(how))), "How", "trigger"),
      row(input("drill-ms", { type: "number", min: "1", max: "900000", value: "3000" }), "Milliseconds", "ms"),
      row(select("drill-failing", names.map((name) => option(name))), "Operation", "operation"),
      row(select("drill-exception", []), "Exception", "operation"),
      row(input("drill-message", { type: "text" }), "Text", "message", "What the error says."),
      row(select("drill-source", []), "Only for", "trigger"),
      row(select("drill-operation", [option("", "every operation"), ...names.map((name) => option(name))]), "Only in", "trigger delivery"),
      row(input("drill-times", { type: "number", min: "1", max: "4294967295", value: "1", required: true }), "How often", "trigger delivery operation"),
      el("p", { id: "drill-problem", class: "problem", role: "alert", hidden: true }),
      el("div", { class: "actions" }, el("button", { type: "submit", class: "button main" }, "Plan the drill")));
    this.shown = null;
    this.dialog.replaceChildren(
      el("h2", { id: "dialog-title" }, "Drills"),
      el("p", { class: "note" }, "Makes the next call, message or operation go wrong, in all pools."),
      this.form,
      el("h3", {}, "Waiting"),
      el("ul", { id: "drills-waiting", class: "waiting" }),
      el("div", { class: "actions" },
        el("button", { type: "button", id: "drills-clear", class: "button", click: () => this.#ask("DELETE", undefined, "The drills are forgotten") }, "Forget all"),
        button("Close", () => this.dialog.close())),
    );
    this.#choose();
  }

  #value(id) {
    return byId(`drill-${id}`).value;
  }

  /// Shows the fields of what is chosen.
  #choose() {
    const { triggers, faults, operations, messages } = this.choices;
    const kind = this.#value("kind");
    const replace = (id, values, first = []) => {
      const field = byId(`drill-${id}`);
      const key = values.join();
      if (field.dataset.values === key) return;
      field.dataset.values = key;
      field.replaceChildren(...first, ...values.map((value) => option(value)));
    };
    replace("source", triggers[this.#value("trigger")], [option("", "every source")]);
    replace("exception", operations[this.#value("failing")]);
    const takes = kind === "trigger" ? faults.find(({ how }) => how === this.#value("how")).takes : null;
    const known = messages[this.#value("exception")];
    const wanted = new Set([kind, takes, kind === "operation" ? "message" : null]);
    for (const made of this.form.querySelectorAll(".row-of-form")) {
      const isShown = made.dataset.only.split(" ").some((only) => wanted.has(only));
      made.hidden = !isShown;
      for (const field of made.querySelectorAll("input, select")) field.disabled = !isShown;
    }
    const message = byId("drill-message");
    // The text of a function isn't that of an exception.
    if (this.kind !== kind) message.value = "";
    this.kind = kind;
    message.required = takes === "message" || (kind === "operation" && known === undefined);
    message.placeholder = kind === "operation" ? known ?? "" : "";
    byId("drill-ms").required = takes === "ms";
  }

  #submit(event) {
    event.preventDefault();
    const given = (id) => (byId(`drill-${id}`).disabled || this.#value(id) === "" ? undefined : this.#value(id));
    const number = (id) => (given(id) === undefined ? undefined : Number(given(id)));
    const kind = this.#value("kind");
    const drill = {
      trigger: kind === "delivery" ? this.choices.delivery : given("trigger"),
      how: given("how"),
      ms: number("ms"),
      source: given("source"),
      operation: given("failing") ?? given("operation"),
      exception: given("exception"),
      message: given("message"),
      times: number("times"),
    };
    this.#ask("POST", drill, `Planned: ${drillText(drill)}`);
  }

  /// Changes the drills, and shows what waits then, or why they can't be changed.
  async #ask(method, drill, done) {
    const problem = byId("drill-problem");
    try {
      await askJson(method, "/_dev/fail", drill);
      problem.hidden = true;
      say(done);
      this.changed((await getJson("/_dev/fail")).drills);
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
    }
  }
}
