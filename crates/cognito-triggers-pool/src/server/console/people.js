// People, and the pool that they are in.

import { card, el, facts, fullTime } from "./dom.js";

export const personKind = {
  name: "person",
  label: "People",
  key: (person) => `${person.userPoolId}/${person.userName}`,
  row: (person) => [
    el("span", { class: `mark ${person.enabled ? "good" : "bad"}`, "aria-hidden": "true" }, person.userName.slice(0, 1).toUpperCase()),
    el("span", { class: "title" }, person.userName),
    el("span", { class: "aside" }, person.enabled ? person.status : "disabled"),
    el("span", { class: "under" }, person.attributes.email ?? person.attributes.phone_number ?? person.attributes.sub),
    el("span", { class: "aside" }, person.groups.join(", ")),
  ],
};

const tags = (names) => (names.length === 0 ? "none" : el("span", { class: "tags" }, names.map((name) => el("span", { class: "badge" }, name))));

function table(heads, rows) {
  const head = heads && el("thead", {}, el("tr", {}, heads.map((text) => el("th", { scope: "col" }, text))));
  const body = rows.map(([first, ...rest]) => el("tr", {}, heads ? el("td", {}, first) : el("th", { scope: "row" }, first), rest.map((cell) => el("td", {}, cell))));
  return el("table", { class: "table" }, head, el("tbody", {}, body));
}

export function personView(person, { showPerson, poolName }) {
  const status = person.enabled ? el("span", { class: person.status === "CONFIRMED" ? "badge good" : "badge warn" }, person.status) : el("span", { class: "badge bad" }, "disabled");
  const pending = Object.entries(person.unverified);
  return [
    el("div", { class: "head" }, el("h2", {}, person.userName), status,
      el("div", { class: "actions" }, el("button", { type: "button", class: "button main", click: () => showPerson(person.userName) }, "Show the calls of this person"))),
    facts([
      ["Pool", poolName(person.userPoolId)],
      ["Created", fullTime(person.created)],
      ["Changed", fullTime(person.modified)],
      ["Password", person.hasPassword ? "set" : "none"],
      ["Groups", tags(person.groups)],
      ["Second factors", tags(person.factors)],
      ["Preferred factor", person.preferredFactor],
    ]),
    card("Attributes", table(null, Object.entries(person.attributes))),
    pending.length > 0 ? card("Not verified yet", table(null, pending)) : null,
    person.passkeys.length > 0
      ? card("Passkeys", table(["Name", "Relying party", "Registered"], person.passkeys.map((passkey) => [passkey.FriendlyCredentialName, passkey.RelyingPartyId, fullTime(passkey.CreatedAt)])))
      : null,
    person.devices.length > 0
      ? card("Devices", table(["Name", "Key", "Remembered", "Last sign-in"], person.devices.map((device) => [device.name ?? "—", el("code", {}, device.key), device.remembered ? "yes" : "no", fullTime(device.lastAuthenticated)])))
      : null,
  ].filter(Boolean);
}

/// The pools with their app clients and groups: what is seen while no person is chosen.
export function poolsView(pools) {
  return pools.flatMap((pool) => [
    el("div", { class: "head" }, el("h2", {}, pool.name), el("span", { class: "badge" }, `${pool.users} ${pool.users === 1 ? "person" : "people"}`)),
    facts([["User pool", el("code", {}, pool.id)]]),
    card("App clients", pool.clients.length > 0 ? table(["Name", "Id"], pool.clients.map((client) => [client.name ?? "—", el("code", {}, client.id)])) : el("p", { class: "inside note" }, "none")),
    card("Groups", pool.groups.length > 0
      ? table(["Name", "Description", "Precedence"], pool.groups.map((group) => [group.name, group.description ?? "—", group.precedence === null ? "—" : String(group.precedence)]))
      : el("p", { class: "inside note" }, "none")),
    card("Triggers", triggerTable(pool.lambdaConfig)),
  ]);
}

function triggerTable(config) {
  const rows = Object.entries(config).map(([name, hook]) => [name, el("code", {}, typeof hook === "string" ? hook : hook?.LambdaArn ?? JSON.stringify(hook))]);
  return rows.length > 0 ? table(null, rows) : el("p", { class: "inside note" }, "none");
}
