// Messages as mails and texts.

import { copyButton, el, facts, fullTime } from "./dom.js";

export const messageKind = {
  name: "message",
  label: "Messages, the latest first",
  key: (message) => String(message.seq),
  row: (message, timeOfDay) => [
    el("span", { class: "mark mail", "aria-hidden": "true" }, message.medium === "SMS" ? "☎" : "✉"),
    el("span", { class: "title" }, message.subject ?? (message.body === null ? "Sent by the custom sender" : message.body)),
    el("span", { class: "aside" }, timeOfDay(message.at)),
    el("span", { class: "under" }, `to ${message.to}`),
    el("span", { class: "aside mono" }, message.code),
  ],
};

/// The link in a message, if it leads to this pool. A link to elsewhere stays text.
function ownLink(body) {
  const found = /https?:\/\/[^\s"'<>]+\/confirmUser\?[^\s"'<>]+/.exec(body ?? "");
  const url = found && URL.canParse(found[0]) ? new URL(found[0]) : null;
  return url && url.origin === location.origin ? url.href : null;
}

/// A message as a card. What it says is a text, even if a mail program would read it as HTML.
export function messageCard(message) {
  const isText = message.medium === "SMS";
  const link = ownLink(message.body);
  const from = el("div", { class: "from" },
    el("h3", {}, message.subject ?? (isText ? "Text message" : "Email")),
    facts([["To", message.to], ["Sent", fullTime(message.at)], ["Written by", message.triggerSource]]));
  const body = message.body === null
    ? el("p", { class: "inside note" }, "The custom sender got the code and writes the message. What it sends isn't known here.")
    : el("p", { class: "body" }, message.body);
  const code = message.code === "" ? null : el("div", { class: "code" },
    el("output", { class: message.code.length > 12 ? "long" : "", "aria-label": "Code" }, message.code),
    copyButton("Copy code", "Code", () => message.code, "main"),
    link && el("a", { class: "button", href: link, target: "_blank", rel: "noopener noreferrer" }, "Open the link"));
  const made = el("section", { class: `card mail ${isText ? "sms" : ""}`.trim(), "aria-label": isText ? "Text message" : "Email" }, from, body, code);
  return made;
}

export function messageView(message, { showPerson, poolName }) {
  return [
    el("div", { class: "head" }, el("h2", {}, message.medium === "SMS" ? "Text message" : "Email"), el("span", { class: "badge" }, message.triggerSource)),
    facts([["Person", el("button", { type: "button", class: "link", click: () => showPerson(message.userName) }, message.userName)], ["Pool", poolName(message.userPoolId)]]),
    messageCard(message),
    el("p", { class: "note" }, "Nothing leaves this machine: the pool keeps messages instead of sending them."),
  ];
}

export const emptyMessages = "No message yet.\nA sign-up or a forgotten password sends one.";

