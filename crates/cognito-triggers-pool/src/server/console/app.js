// The console: what is chosen, what is filtered, and the keyboard.

import { callKind, callView, runningView } from "./call.js";
import { byId, el, getJson, say, timeOfDay } from "./dom.js";
import { DrillDialog } from "./drills.js";
import { WindowedList } from "./list.js";
import { emptyMessages, messageKind, messageView } from "./message.js";
import { personKind, personView, poolsView } from "./people.js";
import { Store } from "./store.js";

const detail = byId("detail");
const panel = byId("panel");
const view = { tab: "calls", person: null, chosen: { calls: null, messages: null, people: null } };

const store = new Store({
  changed: (arrived) => update(arrived),
  state: (name) => showState(name),
  forgotten: () => {
    view.chosen = { calls: null, messages: null, people: null };
    say("The pool was reset");
  },
});
const drills = new DrillDialog(byId("drills"), byId("dialog"), {
  changed: (waiting) => {
    store.drills = waiting;
    update([]);
  },
});
const list = new WindowedList(byId("list"), { open: (byKey) => open(byKey) });

const kinds = {
  calls: { ...callKind, draw: (call) => callKind.row(call, timeOfDay), pick: (call) => choose(call.running ? callKind.key(call) : call.seq) },
  messages: { ...messageKind, draw: (message) => messageKind.row(message, timeOfDay), pick: (message) => choose(message.seq) },
  people: { ...personKind, draw: personKind.row, pick: (person) => choose(personKind.key(person)) },
};

const poolName = (id) => {
  const pool = store.pools.find((known) => known.id === id);
  return pool ? `${pool.name} (${id})` : id;
};

/// What the details link to.
const context = () => ({ secrets: byId("secrets").checked, showPerson, poolName });

// Filters

function wanted() {
  return { pool: byId("pool").value, search: byId("search").value.trim().toLowerCase(), failures: byId("failures").checked, person: view.person };
}

function filtered(tab) {
  const { pool, search, failures, person } = wanted();
  const fits = (item) => (pool === "" || item.userPoolId === pool) && (person === null || item.userName === person);
  if (tab === "calls") {
    const found = store.calls.filter((call) => fits(call) && (!failures || call.error !== null) && (search === "" || call.text.includes(search)));
    return [...found, ...running()].reverse();
  }
  if (tab === "people") return store.people.filter(fits);
  const text = (message) => [message.to, message.userName, message.subject, message.body, message.code].join(" ").toLowerCase();
  return store.messages.filter((message) => fits(message) && (search === "" || text(message).includes(search))).reverse();
}

/// The calls that still run. Their pool isn't known if they name an app client.
function running() {
  const { pool, search, failures, person } = wanted();
  const fits = (call) => (pool === "" || call.userPoolId === null || call.userPoolId === pool) && (person === null || call.userName === person);
  return failures ? [] : store.running.filter((call) => fits(call) && (search === "" || call.text.includes(search)));
}

function showPerson(name) {
  view.person = name;
  const chip = byId("person");
  chip.hidden = name === null;
  chip.textContent = name ?? "";
  chip.setAttribute("aria-label", `Only ${name}. Show all people again`);
  if (name !== null) {
    byId("search").value = "";
    changeTab("calls");
  }
  filter();
}

function filter() {
  const { pool, search } = wanted();
  store.lookFor({ pool, search });
  update([]);
  say(`${list.items.length} ${view.tab}`);
}

// What is seen

/// Draws what has changed. Called at most once for each frame.
function update(arrived) {
  const shown = filtered(view.tab);
  for (const tab of ["calls", "messages", "people"]) {
    // While calls arrive, the other tabs are as they were.
    if (tab !== view.tab && arrived.length > 0) continue;
    const items = tab === view.tab ? shown : filtered(tab);
    const count = items.filter((item) => !item.running).length;
    byId(`count-${tab}`).textContent = tab === "people" && store.hasMore ? `${count}+` : String(count);
  }
  showPools();
  byId("count-drills").textContent = String(store.drills.length);
  drills.show(store.drills);
  if (view.tab === "people") list.redraw();
  list.show(kinds[view.tab], shown);
  const empty = byId("empty");
  empty.hidden = shown.length > 0;
  empty.textContent = emptyText();
  const latest = shown.find((item) => !item.running);
  if (view.tab === "calls" && byId("follow").checked && arrived.length > 0 && latest) follow(latest.seq);
  if (view.tab !== "calls" || view.chosen.calls === null || typeof view.chosen.calls === "string") showDetail();
}

function emptyText() {
  const { pool, search, failures, person } = wanted();
  if (pool !== "" || search !== "" || failures || person !== null) return "Nothing fits the filter.";
  if (view.tab === "messages") return emptyMessages;
  if (view.tab === "people") return "No one is in the pools yet.";
  return `No call yet.\nPoint your app at ${location.origin} and sign up.`;
}

function showPools() {
  const select = byId("pool");
  const names = store.pools.map((pool) => pool.id).join();
  if (select.dataset.names === names) return;
  select.dataset.names = names;
  const before = select.value;
  select.replaceChildren(el("option", { value: "" }, "All pools"), ...store.pools.map((pool) => el("option", { value: pool.id }, poolName(pool.id))));
  select.value = store.pools.some((pool) => pool.id === before) ? before : "";
}

/// Shows the latest call. Calls that come faster than details can be asked for are skipped.
function follow(seq) {
  list.select(String(seq));
  view.chosen.calls = seq;
  view.next = seq;
  if (view.following) return;
  view.following = true;
  setTimeout(async () => {
    await showCall(view.next);
    view.following = false;
    const isSeen = view.tab === "calls" && byId("follow").checked && view.chosen.calls === view.next;
    if (isSeen && view.next !== view.shown) follow(view.next);
  }, 150);
}

function choose(key) {
  view.chosen[view.tab] = key;
  if (view.tab === "calls") {
    byId("follow").checked = false;
    showCall(key);
  } else {
    showDetail();
  }
}

/// The details of what is chosen in this tab.
function showDetail() {
  const key = view.chosen[view.tab];
  if (view.tab === "messages") {
    const message = store.messages.find((known) => known.seq === key);
    return put(`message ${key}`, () => (message ? messageView(message, context()) : hint("Choose a message.")));
  }
  if (view.tab === "people") {
    const person = store.people.find((known) => personKind.key(known) === key);
    const pools = store.pools.filter((pool) => wanted().pool === "" || pool.id === wanted().pool);
    return put(`person ${JSON.stringify(person ?? pools)}`, () => (person ? personView(person, context()) : poolsView(pools)));
  }
  if (key === null) return put("no call", () => hint("Choose a call, or leave Follow on to see the latest one."));
  return showCall(key);
}

const hint = (text) => [el("p", { class: "note" }, text)];

/// Replaces the details, unless they are shown already.
function put(key, made, more = []) {
  if (view.put === key) return;
  view.put = key;
  const back = el("button", { type: "button", class: "button back", click: close }, "← Back to the list");
  detail.replaceChildren(back, ...made(), ...more);
  detail.scrollTop = 0;
}

/// Asks for a call and shows it. An answer that comes after another choice is dropped.
async function showCall(seq, again = false) {
  if (typeof seq === "string") return showRunning(seq);
  const secrets = byId("secrets").checked;
  view.asked = seq;
  try {
    const call = await getJson(`/_dev/calls/${seq}${secrets ? "?secrets=true" : ""}`);
    if (view.asked !== seq || view.tab !== "calls") return;
    call.fired = store.calls.find((known) => known.seq === seq)?.triggers.length ?? call.triggers.length;
    view.shown = seq;
    put(`call ${JSON.stringify(call)} ${secrets}`, () => callView(call, context()));
    // A custom sender may still run; its failure is seen later.
    const runs = call.triggers.some((trigger) => trigger.answer === null && trigger.error === null && trigger.tookMs === 0);
    if (runs && !again) setTimeout(() => view.asked === seq && view.tab === "calls" && showCall(seq, true), 1500);
  } catch (error) {
    if (view.asked !== seq || view.tab !== "calls") return;
    view.shown = seq;
    put(`lost ${seq} ${error.message}`, () => [el("p", { class: "problem" }, error.message)]);
  }
}

/// A call that hasn't ended. When it ends, it gets a number of its own.
function showRunning(key) {
  const call = store.running.find((known) => callKind.key(known) === key);
  view.asked = key;
  put(`running ${key} ${call?.trigger}`, () => (call ? runningView(call, context()) : hint("The call has ended. It is in the list.")));
}

function changeTab(tab) {
  view.tab = tab;
  for (const name of ["calls", "messages", "people"]) {
    const button = byId(`tab-${name}`);
    button.setAttribute("aria-selected", String(name === tab));
    button.tabIndex = name === tab ? 0 : -1;
  }
  panel.setAttribute("aria-labelledby", `tab-${tab}`);
  close(false);
  update([]);
  const chosen = view.chosen[tab];
  if (chosen !== null) list.select(String(chosen));
  showDetail();
}

// On a narrow screen either the list or the details are seen.

function open(byKey = false) {
  panel.classList.add("open");
  if (byKey) detail.focus();
}

function close(focus = true) {
  const wasOpen = panel.classList.contains("open");
  panel.classList.remove("open");
  if (focus && (wasOpen || detail.contains(document.activeElement) || document.activeElement === detail)) byId("list").focus();
}

function showState(name) {
  byId("live").dataset.state = name;
  const text = name === "live" ? "Live" : "Not connected; trying again";
  if (byId("live-text").textContent !== text) byId("live-text").textContent = text;
}

// Events of the page

for (const tab of ["calls", "messages", "people"]) byId(`tab-${tab}`).addEventListener("click", () => changeTab(tab));
document.querySelector(".tabs").addEventListener("keydown", (event) => {
  const tabs = ["calls", "messages", "people"];
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const wanted = event.key === "Home" ? 0 : event.key === "End" ? 2 : (tabs.indexOf(view.tab) + (step ?? 0) + 3) % 3;
  if (step === undefined && event.key !== "Home" && event.key !== "End") return;
  event.preventDefault();
  changeTab(tabs[wanted]);
  byId(`tab-${tabs[wanted]}`).focus();
});
for (const id of ["pool", "failures"]) byId(id).addEventListener("change", filter);
byId("search").addEventListener("input", filter);
byId("person").addEventListener("click", () => {
  showPerson(null);
  byId("list").focus();
});
byId("follow").addEventListener("change", () => {
  const latest = filtered("calls").find((call) => !call.running);
  if (byId("follow").checked && latest && view.tab === "calls") follow(latest.seq);
});
byId("secrets").addEventListener("change", () => showDetail());
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.matches?.("input:not([type=checkbox]), textarea, select");
  if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !byId("dialog").open) {
    event.preventDefault();
    byId("search").select();
  } else if (event.key === "Escape" && !byId("dialog").open) {
    if (event.target === byId("search") && byId("search").value !== "") {
      byId("search").value = "";
      filter();
    } else {
      close();
      if (isTyping) byId("list").focus();
    }
  }
});

// The time that running calls take.
setInterval(() => {
  if (view.tab === "calls" && running().length > 0) list.redraw();
}, 1000);

update([]);
store.connect();
