// A call in detail: its diagram, its messages, and each trigger with event and answer side by side.

import { button, card, copyButton, el, facts, fullTime, getJson, showProblem, showText } from "./dom.js";
import { changes, claims, inOrder, jsonBlock } from "./json.js";
import { messageCard } from "./message.js";

/// The members of an event and of a flow in the order in which people write them.
const EVENT = ["version", "triggerSource", "region", "userPoolId", "userName", "callerContext", "request", "response"];
const FLOW = ["about", "pool", "user", "calls"];
const CALL = ["call", "authFlow", "input", "attributes", "clientMetadata", "validationData", "password", "code", "answer", "fail", "expect", "triggers"];

/// The end of a function's ARN: its name, without an alias.
const functionName = (arn) => arn.split(":")[6] ?? arn;

export const outcome = (call) => (call.error ? el("span", { class: "badge bad" }, `✕ ${call.error.class}`) : el("span", { class: "badge good" }, "✓ Success"));

/// The row of a call in the list.
export const callKind = {
  name: "call",
  label: "Calls, the latest first",
  key: (call) => (call.running ? `running-${call.number}` : String(call.seq)),
  row: (call, timeOfDay) => (call.running ? runningRow(call, timeOfDay) : [
    el("span", { class: `mark ${call.error ? "bad" : "good"}`, "aria-hidden": "true" }, call.error ? "✕" : "✓"),
    el("span", { class: "title" }, call.operation),
    el("span", { class: "aside" }, timeOfDay(call.at)),
    el("span", { class: call.error ? "under bad" : "under" }, [call.userName, call.error?.class].filter(Boolean).join(" · ") || "—"),
    el("span", { class: "aside" }, [call.triggers.length > 0 ? `λ ${call.triggers.length}` : null, call.messages.length > 0 ? `✉ ${call.messages.length}` : null, call.drills ? "drill" : null, `${call.tookMs} ms`].filter(Boolean).join(" · ")),
  ]),
};

const waitsFor = (call) => (call.trigger ? `waits for ${call.trigger}` : "running");

function runningRow(call, timeOfDay) {
  return [
    el("span", { class: "mark run", "aria-hidden": "true" }, "…"),
    el("span", { class: "title" }, call.operation),
    el("span", { class: "aside" }, timeOfDay(call.at)),
    el("span", { class: "under" }, [call.userName, waitsFor(call)].filter(Boolean).join(" · ")),
    el("span", { class: "aside" }, `${Math.max(0, Math.round(Date.now() / 1000 - call.at))} s`),
  ];
}

/// A call that hasn't ended.
export function runningView(call, { poolName }) {
  return [
    el("div", { class: "head" }, el("h2", {}, call.operation), el("span", { class: "badge" }, "… Running")),
    facts([["Person", call.userName], ["Pool", call.userPoolId && poolName(call.userPoolId)], ["App client", call.clientId], ["Since", fullTime(call.at)], ["Now", waitsFor(call)]]),
  ];
}

/// The whole call.
export function callView(call, { secrets, showPerson, poolName }) {
  const person = call.userName && el("button", { type: "button", class: "link", click: () => showPerson(call.userName) }, call.userName);
  const sections = [
    el("div", { class: "head" }, el("h2", {}, call.operation), outcome(call), el("div", { class: "actions" }, button("Copy as a flow", () => copyFlow(call, secrets)))),
    call.error && el("p", { class: "problem" }, el("strong", {}, call.error.class), `: ${call.error.message}`),
    facts([["Person", person], ["Pool", call.userPoolId && poolName(call.userPoolId)], ["App client", call.clientId], ["When", `${fullTime(call.at)}, ${call.tookMs} ms`], ["Number", String(call.seq)], ["Drill", call.drills?.join("; ")]]),
    card("Sequence", el("div", { class: "inside" }, diagram(call.diagram))),
    ...call.messages.map((message) => messageCard(message)),
    ...call.triggers.map((trigger, index) => triggerCard(trigger, index, call)),
    lost(call),
    requestCard("Request", call.request, "The request was longer than 64 KiB, so it wasn't kept."),
    call.error ? null : requestCard("Answer", call.answer, "The answer was a page, or longer than 64 KiB."),
    tokenCard(call),
  ];
  return sections.filter(Boolean);
}

/// Says so if the pool has forgotten triggers of the call.
function lost(call) {
  const count = call.fired - call.triggers.length;
  return count > 0 ? el("p", { class: "note" }, `${count} of the call's triggers are no longer remembered.`) : null;
}

/// The lines of the diagram, as `cargo cognito flow --diagram` draws them.
function diagram(lines) {
  let trigger = -1;
  const steps = lines.map((line) => {
    const isFunction = line.from === "Function" || line.to === "Function";
    const isBack = line.reply;
    if (line.to === "Function") trigger += 1;
    const target = `trigger-${trigger}`;
    const says = isFunction && !isBack
      ? el("button", { type: "button", class: "says", click: () => jump(target), "aria-label": `${line.from} to ${line.to}: ${line.text}. Show event and answer` }, line.text)
      : el("span", { class: "says" }, el("span", { class: "hidden" }, `${line.from} to ${line.to}: `), line.text);
    const kind = ["step", isFunction ? "right" : "left", line.reply ? "reply back-way" : "", line.bad ? "bad" : ""].filter(Boolean).join(" ");
    return el("li", { class: kind }, says, el("span", { class: "arrow", "aria-hidden": "true" }));
  });
  return el("div", { class: "diagram" }, el("div", { class: "lanes", "aria-hidden": "true" }, ["App", "Cognito", "Function"].map((lane) => el("span", {}, lane))), el("ol", { class: "steps" }, steps));
}

function jump(id) {
  const section = document.getElementById(id);
  section?.scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  section?.focus({ preventScroll: true });
}

/// What is known of a trigger in this situation.
const BASES = {
  measured: "It was measured that Cognito fires this trigger here.",
  documented: "AWS documents that Cognito fires this trigger here.",
  inferred: "That Cognito fires this trigger here is neither measured nor documented. Cognito may do something else.",
};

/// A trigger: the event beside the answer.
function triggerCard(trigger, index, call) {
  const basis = el("span", { class: trigger.basis === "inferred" ? "badge warn" : "badge", title: BASES[trigger.basis] }, trigger.basis);
  const drill = trigger.drill && el("span", { class: "badge warn", title: "A test made this go wrong." }, `drill: ${trigger.drill}`);
  const attempts = trigger.attempts > 1 ? el("span", { class: "badge warn" }, `${trigger.attempts} attempts`) : null;
  const sent = inOrder(trigger.event, EVENT);
  const before = sent.response ?? {};
  const after = trigger.answer ?? {};
  const changed = trigger.answer === null ? new Set() : changes(before, after);
  const replaced = new Set([...(trigger.answer === null ? [] : changes(after, before))].map((path) => `/response${path}`));
  const event = el("div", { class: "pane" }, el("h4", {}, "Event"), jsonBlock(sent, replaced, "before"));
  const answer = el("div", { class: "pane" }, el("h4", {}, answerTitle(trigger, changed.size)), trigger.answer === null ? null : jsonBlock(trigger.answer, changed));
  const name = `${trigger.triggerSource}-${trigger.seq}.event.json`;
  const text = () => `${JSON.stringify(sent, null, 2)}\n`;
  const asCase = button("Copy as a case", () => showText({
    title: "Copy the event as a case",
    about: `Save it as ${name} in a directory of cases. \`cargo cognito replay DIRECTORY --bin NAME --accept\` writes the answer of your function beside it.`,
    notes: text().includes('"***"') ? ["Secrets read ***. Switch on Secrets to copy them too."] : [],
    name,
    text: text(),
  }));
  const section = card(trigger.triggerSource, el("div", { class: "pair" }, event, answer), {
    kind: "trigger",
    extra: [el("span", { class: "badge mono" }, functionName(trigger.functionArn)), el("span", { class: "badge" }, `${trigger.tookMs} ms`), attempts, drill, basis, el("div", { class: "actions" }, asCase)],
  });
  section.id = `trigger-${index}`;
  section.tabIndex = -1;
  if (trigger.error !== null) section.children[0].after(el("p", { class: "problem" }, trigger.error));
  if (trigger.operation !== call.operation) section.children[0].after(el("p", { class: "note inside" }, `Fired by ${trigger.operation}.`));
  return section;
}

function answerTitle(trigger, count) {
  if (trigger.error !== null) return "No answer: the function failed";
  if (trigger.answer === null) return "No answer: Cognito doesn't wait for a custom sender";
  if (count === 0) return "Answer: nothing changed";
  return `Answer: ${count} ${count === 1 ? "change" : "changes"}`;
}

function requestCard(title, value, missing) {
  const inside = value === null ? el("p", { class: "inside note" }, missing) : jsonBlock(value);
  const extra = value === null ? [] : [el("div", { class: "inside" }, copyButton(`Copy ${title.toLowerCase()}`, title, () => JSON.stringify(value, null, 2)))];
  return el("details", { class: "card", open: title === "Answer" }, el("summary", {}, title), inside, extra);
}

/// The claims of the tokens in the answer. Only an answer with secrets has tokens.
function tokenCard(call) {
  const result = call.answer?.AuthenticationResult ?? call.answer?.ClientAuthenticationResult ?? call.answer ?? {};
  const names = ["IdToken", "AccessToken", "id_token", "access_token"];
  const tokens = names.map((name) => [name, claims(result[name])]).filter(([, found]) => found !== null);
  if (tokens.length === 0) {
    const hidden = names.some((name) => result[name] === "***");
    return hidden ? el("p", { class: "note" }, "The answer has tokens. Switch on Secrets to see their claims.") : null;
  }
  return card("Tokens", el("div", { class: "pair" }, tokens.map(([name, found]) => el("div", { class: "pane" }, el("h4", {}, `${name}: claims`), jsonBlock(found)))));
}

/// The flow that ends with this call: the pool writes it, and says what can't be in one.
async function copyFlow(call, secrets) {
  try {
    const { flow, leftOut } = await getJson(`/_dev/calls/${call.seq}/flow${secrets ? "?secrets=true" : ""}`);
    showText({
      title: "Copy the calls as a flow",
      about: "The calls of this person up to this one. Play it with `cargo cognito flow live.flow.json --bin NAME`.",
      notes: leftOut.map((reason) => `Left out: ${reason}`),
      name: "live.flow.json",
      text: `${JSON.stringify(inOrder({ ...flow, calls: flow.calls.map((one) => inOrder(one, CALL)) }, FLOW), null, 2)}\n`,
    });
  } catch (error) {
    showProblem("This call can't be a flow", error.message);
  }
}
